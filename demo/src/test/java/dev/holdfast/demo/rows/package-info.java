/** What the sessions promise, row by row, on each store, through the public API alone. */
@NullMarked
package dev.holdfast.demo.rows;

import org.jspecify.annotations.NullMarked;
