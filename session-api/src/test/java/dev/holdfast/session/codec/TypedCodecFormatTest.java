package dev.holdfast.session.codec;

import static dev.holdfast.session.codec.Samples.CODEC;
import static dev.holdfast.session.codec.Samples.Shade;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** These bytes lie in stores: a change here makes sessions unreadable. Lines may be added, never altered. */
@DisplayName("TypedCodec: the stored format, byte by byte")
class TypedCodecFormatTest {

    private static final LocalDate DATE = LocalDate.of(2026, 11, 21);
    private static final LocalTime TIME = LocalTime.of(0, 0, 0, 300);
    private static final ZoneOffset OFFSET = ZoneOffset.ofHours(1);
    private static final List<@Nullable Object> NULLS = Collections.singletonList(null);

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of("50 01 00", NULLS),
                Arguments.of("01", false),
                Arguments.of("02", true),
                Arguments.of("10 ff", (byte) -1),
                Arguments.of("11 01", (short) -1),
                Arguments.of("12 00", 0),
                Arguments.of("12 80 01", 64),
                Arguments.of("12 ff ff ff ff 0f", Integer.MIN_VALUE),
                Arguments.of("13 02", 1L),
                Arguments.of("13 ff ff ff ff ff ff ff ff ff 01", Long.MIN_VALUE),
                Arguments.of("14 3f 80 00 00", 1f),
                Arguments.of("14 7f c0 00 00", Float.intBitsToFloat(0x7fc00001)),
                Arguments.of("15 3f f0 00 00 00 00 00 00", 1d),
                Arguments.of("15 7f f8 00 00 00 00 00 00", Double.longBitsToDouble(0x7ff8000000000001L)),
                Arguments.of("16 61", 'a'),
                Arguments.of("16 ff ff 03", '\uffff'),
                Arguments.of("17 02 00 80", BigInteger.valueOf(128)),
                Arguments.of("18 04 01 64", new BigDecimal("1.00")),
                Arguments.of("20 00", ""),
                Arguments.of("20 02 61 ff", "aÿ"),
                Arguments.of("21 04 61 e6 bc a2", "a漢"),
                Arguments.of("22 02 00 61 d8 00", "a\ud800"),
                Arguments.of(
                        "28 01 23 45 67 89 ab 4d ef 81 23 45 67 89 ab cd ef",
                        UUID.fromString("01234567-89ab-4def-8123-456789abcdef")),
                Arguments.of("29 20 02 2f 61", URI.create("/a")),
                Arguments.of("2a 20 05 64 65 2d 44 45", Locale.GERMANY),
                Arguments.of("2b 20 05 73 68 61 64 65 20 04 44 41 52 4b", Shade.DARK),
                Arguments.of("30 02 03", Instant.ofEpochSecond(1, 3)),
                Arguments.of("31 d4 c4 02", DATE),
                Arguments.of("32 ac 02", TIME),
                Arguments.of("33 d4 c4 02 ac 02", LocalDateTime.of(DATE, TIME)),
                Arguments.of("34 d4 c4 02 ac 02 a0 38", OffsetDateTime.of(DATE, TIME, OFFSET)),
                Arguments.of("35 ac 02 a0 38", OffsetTime.of(TIME, OFFSET)),
                Arguments.of(
                        "36 d4 c4 02 ac 02 a0 38 0d 45 75 72 6f 70 65 2f 42 65 72 6c 69 6e",
                        ZonedDateTime.of(DATE, TIME, Samples.BERLIN)),
                Arguments.of("36 d4 c4 02 ac 02 a0 38 00", ZonedDateTime.of(DATE, TIME, OFFSET)),
                Arguments.of("37 a0 38", OFFSET),
                Arguments.of("38 0d 45 75 72 6f 70 65 2f 42 65 72 6c 69 6e", Samples.BERLIN),
                Arguments.of("39 01 ff 93 eb dc 03", Duration.ofNanos(-1)),
                Arguments.of("3a 02 03 06", Period.of(1, -2, 3)),
                Arguments.of("3b d4 1f", Year.of(2026)),
                Arguments.of("3c d4 1f 0b", YearMonth.of(2026, 11)),
                Arguments.of("3d 02 1d", MonthDay.of(2, 29)),
                Arguments.of("3e 07", DayOfWeek.SUNDAY),
                Arguments.of("3f 0c", Month.DECEMBER),
                Arguments.of("40 02 00 ff", new byte[] {0, -1}),
                Arguments.of("41 02 00 01", new int[] {0, -1}),
                Arguments.of("42 02 00 01", new long[] {0, -1}),
                Arguments.of("43 01 3f f0 00 00 00 00 00 00", new double[] {1}),
                Arguments.of("44 02 20 01 61 00", new @Nullable String[] {"a", null}),
                Arguments.of("50 02 12 02 50 00", List.of(1, List.of())),
                Arguments.of("51 01 12 02", Set.of(1)),
                Arguments.of("52 01 20 01 61 12 02", Map.of("a", 1)),
                Arguments.of("53 02 12 01 12 02", new TreeSet<>(List.of(1, -1))),
                Arguments.of("54 01 12 01 02", new TreeMap<>(Map.of(-1, true))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("golden")
    void tag(String hex, Object value) {
        assertThat(Hex.of(CODEC.encode(value))).isEqualTo(hex.replace(" ", ""));
        assertThat(Alike.alike(CODEC.decode(Hex.slice(Hex.bytes(hex))), value)
                        || value.equals(CODEC.decode(Hex.slice(Hex.bytes(hex)))))
                .isTrue();
    }

    @Test
    @DisplayName("every tag stands in this test, and none is given twice")
    void everyTag() throws IllegalAccessException {
        List<Integer> tags = new ArrayList<>();
        for (Field field : Tag.class.getDeclaredFields()) {
            if (field.getType() == int.class) {
                tags.add(field.getInt(null));
            }
        }
        assertThat(tags).doesNotHaveDuplicates().hasSizeGreaterThan(40);
        // what another codec made is not golden here; the next test has it
        tags.remove(Integer.valueOf(Tag.OTHER));
        assertThat(golden().map(line -> (String) line.get()[0]).flatMap(hex -> firstBytes(hex)))
                .containsAll(tags);
    }

    @Test
    @DisplayName("60: a value of another codec, its format and its bytes")
    void other() {
        TypedCodec holding = CODEC.holding(List.of(JdkCodec.create(Canary.class)));
        String serialized = Hex.of(JdkCodec.create(Canary.class).encode(Canary.ONE));
        assertThat(Hex.of(holding.encode(List.of(Canary.ONE))))
                .isEqualTo("5001" + "60" + "03" + String.format("%02x", serialized.length() / 2) + serialized);
        assertThat(holding.decode(Hex.slice(holding.encode(List.of(Canary.ONE)))))
                .isEqualTo(List.of(Canary.ONE));
        assertThat(holding.canEncode(Canary.ONE)).isTrue();
    }

    private enum Canary {
        ONE
    }

    private static Stream<Integer> firstBytes(String hex) {
        byte[] bytes = Hex.bytes(hex);
        return hex.startsWith("50 01 00") ? Stream.of(0x50, 0) : Stream.of((int) bytes[0]);
    }

    @Test
    @DisplayName("the order of the caller's buffer does not matter")
    void byteOrder() {
        assertThat(CODEC.decode(java.nio.ByteBuffer.wrap(CODEC.encode(1.5)).order(java.nio.ByteOrder.LITTLE_ENDIAN)))
                .isEqualTo(1.5);
    }

    @Test
    @DisplayName("the format's number is 1")
    void format() {
        assertThat(CODEC.format()).isEqualTo(1);
        assertThat(Arrays.asList(TypedCodec.create().format())).containsExactly(1);
    }
}
