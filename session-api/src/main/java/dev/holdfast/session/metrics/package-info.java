/** Metrics of sessions for Micrometer, which the application brings along; nothing else needs it. */
@NullMarked
package dev.holdfast.session.metrics;

import org.jspecify.annotations.NullMarked;
