/** How a session id travels between client and server. Knows neither a store nor the Servlet API. */
@NullMarked
package dev.holdfast.session.http;

import org.jspecify.annotations.NullMarked;
