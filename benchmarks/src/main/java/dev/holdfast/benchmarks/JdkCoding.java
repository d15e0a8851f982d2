package dev.holdfast.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The same map of attributes by JDK serialization, whole each time, as containers do it. */
final class JdkCoding implements Coding {

    private final int attributes;
    private final byte[] stored;

    JdkCoding(int attributes) {
        this.attributes = attributes;
        stored = written(filled());
    }

    private Map<String, Object> filled() {
        Map<String, Object> map = new HashMap<>();
        TenAttributes.put(attributes, 1, map::put);
        return map;
    }

    @Override
    public Object decode() {
        return read().get(TenAttributes.VISITS);
    }

    @Override
    public Object recode() {
        Map<String, Object> map = read();
        map.put(TenAttributes.VISITS, ThreadLocalRandom.current().nextInt());
        return written(map);
    }

    @Override
    public Object encode() {
        return written(filled());
    }

    @Override
    public int storedBytes() {
        return stored.length;
    }

    @SuppressWarnings({"unchecked", "BanSerializableRead"}) // reads what it wrote itself
    private Map<String, Object> read() {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stored))) {
            return (Map<String, Object>) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] written(Map<String, Object> map) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
