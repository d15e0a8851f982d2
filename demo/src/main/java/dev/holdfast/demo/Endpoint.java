package dev.holdfast.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An address for programs: one method, JSON in and out. */
final class Endpoint extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final String method;
    private final transient Action.Handler handler;

    Endpoint(String method, Action.Handler handler) {
        this.method = method;
        this.handler = handler;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals(method)) {
            handler.handle(request, response);
        } else {
            response.setHeader("Allow", method);
            Json.send(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, Json.error("method_not_allowed"));
        }
    }
}
