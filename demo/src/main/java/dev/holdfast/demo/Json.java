package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What the endpoints read and write. */
final class Json {

    private static final int MAX_BYTES = 4096;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ObjectNode error(String error) {
        return object().put("error", error);
    }

    /** Returns the request's body, or a node without members if it is no JSON. */
    static JsonNode body(HttpServletRequest request) throws IOException {
        try {
            return MAPPER.readTree(request.getInputStream().readNBytes(MAX_BYTES));
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    static void send(HttpServletResponse response, int status, ObjectNode body) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter().write(body.toString());
    }
}
