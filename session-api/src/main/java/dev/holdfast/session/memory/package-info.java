/** The store that keeps sessions in this JVM's memory. */
@NullMarked
package dev.holdfast.session.memory;

import org.jspecify.annotations.NullMarked;
