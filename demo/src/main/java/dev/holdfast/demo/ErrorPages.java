package dev.holdfast.demo;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** Says in one sentence what went wrong, and nothing about the inside. */
final class ErrorPages extends HttpServlet {

    static final List<Integer> STATUSES = List.of(400, 404, 405, 500, 503);

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        switch (status) {
            case 404 -> Page.message(response, status, "Not found", "There is no such page.");
            case 503 ->
                Page.message(
                        response, status, "Please come back", "The session store does not answer. Nothing was done.");
            default -> Page.message(response, status, "That did not work", "The request could not be answered.");
        }
    }
}
