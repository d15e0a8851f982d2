/**
 * For authors of stores: the {@link dev.holdfast.session.spi.SessionStore} contract, the record that it moves, the
 * abilities that a store may add, and the exceptions it may throw.
 */
@NullMarked
package dev.holdfast.session.spi;

import org.jspecify.annotations.NullMarked;
