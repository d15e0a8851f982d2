/**
 * Attribute values as bytes: the {@link dev.holdfast.session.codec.ValueCodec} that turns the one into the other, and
 * the {@link dev.holdfast.session.codec.TypedCodec} that is there by default.
 */
@NullMarked
package dev.holdfast.session.codec;

import org.jspecify.annotations.NullMarked;
