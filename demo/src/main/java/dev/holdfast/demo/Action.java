package dev.holdfast.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A form's target: POST only, and only with the session's own secret. */
final class Action extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Handler handler;

    /** What the form does. */
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    Action(Handler handler) {
        this.handler = handler;
    }

    /** Someone who reloads or bookmarks a form's target wants the site. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendRedirect("/", HttpServletResponse.SC_SEE_OTHER);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Csrf.isOurs(request)) {
            handler.handle(request, response);
        } else {
            Page.message(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    "This form has expired",
                    "It does not belong to your session, or your session has ended. Nothing was done.");
        }
    }
}
