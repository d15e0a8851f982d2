/** What the Servlet specification says of sessions, rule by rule, in each container and over a local and a remote store. */
@NullMarked
package dev.holdfast.demo.servlet;

import org.jspecify.annotations.NullMarked;
