/** What nodes with other clocks and other classes do to each other's sessions, through the public API alone. */
@NullMarked
package dev.holdfast.demo.rows;

import org.jspecify.annotations.NullMarked;
