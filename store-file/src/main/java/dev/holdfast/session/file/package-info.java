/** The store that keeps each session in a file of its own. */
@NullMarked
package dev.holdfast.session.file;

import org.jspecify.annotations.NullMarked;
