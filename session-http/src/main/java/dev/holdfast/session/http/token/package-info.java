/**
 * Signed tokens that point to a session: needs Nimbus JOSE+JWT, {@code com.nimbusds:nimbus-jose-jwt}, which an application
 * that uses this package adds itself.
 */
@NullMarked
package dev.holdfast.session.http.token;

import org.jspecify.annotations.NullMarked;
