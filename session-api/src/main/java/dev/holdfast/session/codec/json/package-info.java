/**
 * Attribute values as JSON: needs Jackson, {@code tools.jackson.core:jackson-databind}, which an application that uses
 * this package adds itself.
 */
@NullMarked
package dev.holdfast.session.codec.json;

import org.jspecify.annotations.NullMarked;
