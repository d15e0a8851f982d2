/** A site with log-in, members' page and log-out, whose sessions are kept by any store. */
@NullMarked
package dev.holdfast.demo;

import org.jspecify.annotations.NullMarked;
