/** What an application programs against: sessions with attributes, opened by the id that a client presents. */
@NullMarked
package dev.holdfast.session;

import org.jspecify.annotations.NullMarked;
