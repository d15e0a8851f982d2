package dev.holdfast.session.http.servlet;

import dev.holdfast.session.http.HttpResponseView;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

record ServletResponseView(HttpServletResponse response) implements HttpResponseView {

    @Override
    public List<String> headers(String name) {
        return List.copyOf(response.getHeaders(name));
    }

    @Override
    public void setHeader(String name, List<String> values) {
        response.setHeader(name, values.get(0));
        values.stream().skip(1).forEach(value -> response.addHeader(name, value));
    }
}
