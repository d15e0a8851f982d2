package dev.holdfast.session.http.servlet;

import dev.holdfast.session.http.HttpRequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

record ServletRequestView(HttpServletRequest request) implements HttpRequestView {

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }
}
