package dev.holdfast.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A file that is the same for everyone. */
final class Assets extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final String type;
    private final byte[] content;

    Assets(String name, String type) {
        this.type = type;
        try (InputStream file = Objects.requireNonNull(Assets.class.getResourceAsStream(name), name)) {
            content = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(type);
        response.setHeader("Cache-Control", "public, max-age=300");
        response.getOutputStream().write(content);
    }
}
