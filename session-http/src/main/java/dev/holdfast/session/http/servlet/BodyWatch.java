package dev.holdfast.session.http.servlet;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Counts what goes into the response's buffer, to settle the exchange before the buffer overflows.
 *
 * <p>It errs on the early side: a single write of an eighth of the buffer settles too, since containers may pass such a
 * write through without buffering it. Settling early costs nothing unless the session is changed afterwards.
 */
final class BodyWatch {

    private final HttpServletResponse response;
    private final Exchange exchange;
    private long written;
    private long expected = -1;

    BodyWatch(HttpServletResponse response, Exchange exchange) {
        this.response = response;
        this.exchange = exchange;
    }

    /** To be called before so many bytes are written. */
    void writing(long bytes) {
        if (response.isCommitted()) {
            return;
        }
        written += bytes;
        int buffer = response.getBufferSize();
        if (written >= buffer || bytes >= buffer / 8 || (expected >= 0 && written >= expected)) {
            exchange.settle();
        }
    }

    /** To be called before whatever sends the buffer. */
    void sending() {
        exchange.settle();
    }

    void expect(long contentLength) {
        expected = contentLength;
        if (written > 0 && contentLength >= 0 && written >= contentLength) {
            exchange.settle();
        }
    }

    void header(@Nullable String name, @Nullable String value) {
        if ("Content-Length".equalsIgnoreCase(name) && value != null && value.matches("[0-9]{1,18}")) {
            expect(Long.parseLong(value));
        }
    }

    void restart() {
        written = 0;
        expected = -1;
    }
}
