package dev.holdfast.session.codec.json;

import dev.holdfast.session.codec.UndecodableValueException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** A registered type: its header in the stored bytes, and how values of each of its versions are read. */
final class JsonType {

    static final int MAX_NAME_LENGTH = 100;
    static final int MAX_VERSION = 0xFFFF;

    private final String storedName;
    private final Class<?> type;
    private final List<UnaryOperator<JsonNode>> upgrades;
    private final byte[] header;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final ObjectReader trees;

    /** Set by the first value that proved to be readable. */
    private volatile boolean proven;

    JsonType(String storedName, Class<?> type, List<UnaryOperator<JsonNode>> upgrades, JsonMapper mapper) {
        this.storedName = storedName;
        this.type = type;
        this.upgrades = List.copyOf(upgrades);
        this.header = header(storedName, upgrades.size() + 1);
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
        this.trees = mapper.readerFor(JsonNode.class)
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    private static byte[] header(String storedName, int version) {
        byte[] name = storedName.getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[1 + name.length + 2];
        header[0] = (byte) name.length;
        System.arraycopy(name, 0, header, 1, name.length);
        header[header.length - 2] = (byte) (version >> Byte.SIZE);
        header[header.length - 1] = (byte) version;
        return header;
    }

    String storedName() {
        return storedName;
    }

    byte[] write(Object value) {
        byte[] json = writer.writeValueAsBytes(value);
        byte[] bytes = new byte[header.length + json.length];
        System.arraycopy(header, 0, bytes, 0, header.length);
        System.arraycopy(json, 0, bytes, header.length, json.length);
        if (!proven) {
            read(upgrades.size() + 1, json, 0, json.length);
            proven = true;
        }
        return bytes;
    }

    Object read(int version, byte[] json, int offset, int length) {
        int current = upgrades.size() + 1;
        if (version < 1 || version > current) {
            throw new UndecodableValueException("the stored value is version " + version + " of type " + storedName
                    + ", this application knows 1 to " + current);
        }
        Object value = version == current
                ? reader.readValue(json, offset, length)
                : reader.readValue(upgraded(trees.readTree(json, offset, length), version));
        if (!type.isInstance(value)) {
            throw new UndecodableValueException("the stored value is no " + storedName);
        }
        return value;
    }

    private JsonNode upgraded(JsonNode stored, int version) {
        JsonNode node = stored;
        for (UnaryOperator<JsonNode> upgrade : upgrades.subList(version - 1, upgrades.size())) {
            node = upgrade.apply(node);
        }
        return node;
    }
}
