/** Gives a Jakarta Servlet application its {@code HttpSession}, kept by Holdfast. */
@NullMarked
package dev.holdfast.session.http.servlet;

import org.jspecify.annotations.NullMarked;
