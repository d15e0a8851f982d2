/** Starts real Redis servers for tests and benchmarks, and ends them when the JVM ends, however it ends. */
@NullMarked
package dev.holdfast.session.redis.servers;

import org.jspecify.annotations.NullMarked;
