/** The store that keeps each session in a row of a SQL database. */
@NullMarked
package dev.holdfast.session.jdbc;

import org.jspecify.annotations.NullMarked;
