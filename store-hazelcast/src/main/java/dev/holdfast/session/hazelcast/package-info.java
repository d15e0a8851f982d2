/** Sessions in a Hazelcast map: one operation on one key a verb, from a member or from a client. */
@NullMarked
package dev.holdfast.session.hazelcast;

import org.jspecify.annotations.NullMarked;
