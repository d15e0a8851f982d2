package dev.holdfast.session.http.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Settles the exchange before anything is done that may commit the response. */
final class SessionResponse extends HttpServletResponseWrapper {

    private final Exchange exchange;
    private final BodyWatch watch;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, Exchange exchange) {
        super(response);
        this.exchange = exchange;
        watch = new BodyWatch(response, exchange);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream known = stream;
        if (known == null) {
            known = new WatchedStream(super.getOutputStream(), watch);
            stream = known;
        }
        return known;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter known = writer;
        if (known == null) {
            known = WatchedWriter.around(super.getWriter(), getCharacterEncoding(), watch);
            writer = known;
        }
        return known;
    }

    @Override
    public void flushBuffer() throws IOException {
        exchange.settle();
        super.flushBuffer();
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        exchange.settle();
        super.sendError(status, message);
    }

    @Override
    public void sendError(int status) throws IOException {
        exchange.settle();
        super.sendError(status);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        exchange.settle();
        super.sendRedirect(location);
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        exchange.settle();
        super.sendRedirect(location, status);
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        exchange.settle();
        super.sendRedirect(location, clearBuffer);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        exchange.settle();
        super.sendRedirect(location, status, clearBuffer);
    }

    @Override
    public void setContentLength(int length) {
        watch.expect(length);
        super.setContentLength(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        watch.expect(length);
        super.setContentLengthLong(length);
    }

    @Override
    public void setHeader(String name, String value) {
        watch.header(name, value);
        super.setHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        watch.header(name, value);
        super.addHeader(name, value);
    }

    @Override
    public void setIntHeader(String name, int value) {
        watch.header(name, String.valueOf(value));
        super.setIntHeader(name, value);
    }

    @Override
    public void addIntHeader(String name, int value) {
        watch.header(name, String.valueOf(value));
        super.addIntHeader(name, value);
    }

    @Override
    public void reset() {
        super.reset();
        watch.restart();
        stream = null;
        writer = null;
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        watch.restart();
    }

    /** Returns the URL as it is, unless a transport puts ids into links. */
    @Override
    public String encodeURL(String url) {
        return exchange.encodeUrl(url);
    }

    /** Returns the URL as it is, unless a transport puts ids into links. */
    @Override
    public String encodeRedirectURL(String url) {
        return exchange.encodeUrl(url);
    }
}
