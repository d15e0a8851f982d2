/** Sessions in Redis: one command or one script a verb, on a single server, behind Sentinel, or in a Cluster. */
@NullMarked
package dev.holdfast.session.redis;

import org.jspecify.annotations.NullMarked;
