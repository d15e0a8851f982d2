package dev.holdfast.session.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.session.fuzz.Allocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JdkCodec")
class JdkCodecTest {

    private static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
        int inherited = 7;
    }

    @SuppressWarnings("serial") // its list is an ArrayList
    private static final class Cart extends Base {
        private static final long serialVersionUID = 1L;
        final List<Object> items = new ArrayList<>();

        @Nullable
        Cart next;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Point(int x, Integer y, int[][] grid, Point[] more) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private enum Colour {
        RED,
        GREEN {}
    }

    private static final AtomicInteger SUNG = new AtomicInteger();

    private static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            SUNG.incrementAndGet();
        }

        private void readObject(ObjectInputStream in) {
            SUNG.incrementAndGet();
        }
    }

    private static final JdkCodec CODEC = JdkCodec.create(Cart.class, Point.class, Colour.class);
    private static final JdkCodec WITH_COLLECTIONS =
            JdkCodec.builder().allow(Cart.class).allowCollections().build();

    private static byte[] serialized(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static Cart cart(Object... items) {
        Cart cart = new Cart();
        cart.items.addAll(Arrays.asList(items));
        return cart;
    }

    private static void assertRefused(JdkCodec codec, byte[] bytes) {
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(bytes))).isInstanceOf(UndecodableValueException.class);
    }

    @Test
    @SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // old applications have them
    @DisplayName("values of allowed types come back with what they hold: shared objects, cycles, arrays, times, enums")
    void roundTrip() {
        Cart cart = cart(
                1,
                2L,
                'c',
                1.5,
                "text",
                new BigDecimal("1.50"),
                new UUID(1, 2),
                Instant.EPOCH,
                Duration.ofDays(1),
                ZonedDateTime.parse("2026-01-01T00:00:00Z[Europe/Berlin]"),
                new Date(5),
                new LinkedList<>(List.of(1)),
                Arrays.asList("a", "b"),
                new byte[] {1, 2},
                new String[][] {{"x"}, {}},
                Colour.GREEN);
        cart.next = cart;
        Cart read = (Cart) CODEC.decode(ByteBuffer.wrap(CODEC.encode(cart)).asReadOnlyBuffer());
        assertThat(read.next).isSameAs(read);
        assertThat(read.inherited).isEqualTo(7);
        assertThat(read.items).usingRecursiveComparison().isEqualTo(cart.items);

        Point point =
                new Point(1, 2, new int[][] {{1}, {2, 3}}, new Point[] {new Point(0, 0, new int[0][], new Point[0])});
        assertThat(CODEC.decode(ByteBuffer.wrap(CODEC.encode(point))))
                .usingRecursiveComparison()
                .isEqualTo(point);
        assertThat(CODEC.decode(ByteBuffer.wrap(CODEC.encode(Colour.GREEN)))).isSameAs(Colour.GREEN);

        Cart maps = cart(new HashMap<>(Map.of("a", 1)), Set.of(1, 2), List.of(3), new HashSet<>(List.of(4)));
        assertThat(((Cart) WITH_COLLECTIONS.decode(ByteBuffer.wrap(WITH_COLLECTIONS.encode(maps)))).items)
                .isEqualTo(maps.items);
    }

    @Test
    @DisplayName(
            "only the types allowed by name are taken, and what can't be read again is refused, naming the line to add")
    void refused() {
        assertThat(CODEC.canEncode(cart())).isTrue();
        assertThat(CODEC.canEncode(Colour.GREEN)).isTrue();
        assertThat(CODEC.canEncode(new Base())).isFalse();
        assertThat(CODEC.canEncode(new ArrayList<>())).isFalse();
        assertThatThrownBy(() -> CODEC.encode(cart(new HashMap<>())))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("java.util.HashMap")
                .hasMessageContaining(".allowCollections()");
        assertThatThrownBy(() -> CODEC.encode(cart(new Gadget())))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining(".allow(Gadget.class)");
        assertThatThrownBy(() -> CODEC.encode(cart(new Object() {})))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("Serializable");
        assertThatThrownBy(() -> CODEC.encode(cart((Object) new byte[2 << 20])))
                .isInstanceOf(UnencodableValueException.class)
                .hasMessageContaining("maxBytes");
        assertThatThrownBy(() -> JdkCodec.create(Object.class)).hasMessageContaining("java.lang.Object");
    }

    @Test
    @DisplayName(
            "S63: a class that is not allowed is neither loaded nor instantiated, wherever it stands; nor is a proxy")
    void gadgets() {
        SUNG.set(0);
        byte[] gadget = serialized(cart(new Gadget()));
        int sungByWriting = SUNG.get();
        assertRefused(CODEC, gadget);
        assertRefused(CODEC, serialized(new Gadget()));
        assertRefused(CODEC, serialized(new Gadget[0]));
        assertThat(SUNG).hasValue(sungByWriting);
        InvocationHandler handler = (InvocationHandler & Serializable) (proxy, method, arguments) -> null;
        assertRefused(
                CODEC,
                serialized(Proxy.newProxyInstance(
                        JdkCodecTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, handler)));
        assertRefused(CODEC, serialized(new HashMap<>(Map.of(1, 2))));
        assertRefused(CODEC, serialized(cart(new HashMap<>())));
        assertRefused(CODEC, serialized(cart((Serializable & Runnable) () -> {})));
    }

    @Test
    @DisplayName("S63: sets within sets that take for ever to hash are refused at once by their depth")
    void billionLaughs() {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> two = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Set<Object> nextOne = new HashSet<>(List.of("foo"));
            Set<Object> nextTwo = new HashSet<>();
            one.addAll(List.of(nextOne, nextTwo));
            two.addAll(List.of(nextOne, nextTwo));
            one = nextOne;
            two = nextTwo;
        }
        byte[] bytes = serialized(root);
        long start = System.nanoTime();
        assertRefused(WITH_COLLECTIONS, bytes);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("S63: depth, references, array length and size have their limits")
    void limits() {
        Cart deep = cart();
        for (int i = 0; i < 30; i++) {
            Cart outer = cart();
            outer.next = deep;
            deep = outer;
        }
        assertRefused(CODEC, serialized(deep));
        JdkCodec.Builder builder = JdkCodec.builder().allow(Cart.class);
        assertThat(builder.maxDepth(100).build().decode(ByteBuffer.wrap(serialized(deep))))
                .isInstanceOf(Cart.class);
        byte[] array = serialized(cart((Object) new int[1000]));
        assertThat(builder.build().decode(ByteBuffer.wrap(array))).isInstanceOf(Cart.class);
        assertRefused(builder.maxArrayLength(999).build(), array);
        assertRefused(builder.maxArrayLength(1000).maxBytes(array.length - 1).build(), array);
        assertRefused(builder.maxBytes(array.length).maxReferences(2).build(), array);
    }

    @Test
    @DisplayName("S63: a forged length allocates no more than its bytes could fill")
    void forgedLength() {
        byte[] bytes = serialized(new int[] {1});
        byte[] forged = bytes.clone();
        // the length stands before the one element
        forged[bytes.length - 8] = 0;
        forged[bytes.length - 7] = 0x0F;
        forged[bytes.length - 6] = -1;
        forged[bytes.length - 5] = -1;
        long before = Allocations.ofThisThread();
        assertRefused(CODEC, forged);
        assertThat(Allocations.ofThisThread() - before).isLessThan(400_000);
    }

    @Test
    @DisplayName("S67: every truncation and every flipped bit gives a value or the typed exception")
    void damaged() {
        byte[] good = CODEC.encode(cart(1, "two", new BigDecimal("3"), Colour.RED, new int[] {4}, Instant.EPOCH));
        for (int length = 0; length < good.length; length++) {
            assertRefused(CODEC, Arrays.copyOf(good, length));
        }
        assertRefused(CODEC, Arrays.copyOf(good, good.length + 1));
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Throwable thrown = catchThrowable(() -> CODEC.decode(ByteBuffer.wrap(flipped)));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(UndecodableValueException.class);
            }
        }
    }
}
