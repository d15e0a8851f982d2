package dev.holdfast.session.codec;

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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of every scalar and array type, with those at the edges. */
final class Samples {

    /** An enum with a body, whose constants are of a class of their own. */
    enum Shade {
        LIGHT,
        DARK {
            @Override
            public String toString() {
                return "pitch";
            }
        },
        WARM
    }

    static final TypedCodec CODEC = TypedCodec.builder()
            .allowEnum(Shade.class, "shade")
            .allowEnum(TimeUnit.class)
            .build();

    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** Each inner list is of one type. */
    static final List<List<Object>> BY_TYPE = List.of(
            List.of(true, false),
            List.of((byte) 0, Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) -1),
            List.of((short) 0, Short.MIN_VALUE, Short.MAX_VALUE, (short) -1),
            List.of(0, 1, -1, 63, 64, -64, -65, 8191, 8192, 1 << 30, Integer.MIN_VALUE, Integer.MAX_VALUE),
            List.of(0L, 1L, -1L, 1L << 31, 1L << 55, 1L << 62, Long.MIN_VALUE, Long.MAX_VALUE),
            List.of(0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY),
            List.of(0d, -0d, 1.5, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY),
            List.of('\0', 'a', 'ÿ', 'ſ', '\ud800', '\uffff'),
            List.of(
                    BigInteger.ZERO,
                    BigInteger.ONE,
                    BigInteger.valueOf(-1),
                    BigInteger.valueOf(127),
                    BigInteger.valueOf(128),
                    BigInteger.valueOf(-128),
                    BigInteger.valueOf(-129),
                    BigInteger.TWO.pow(4096).negate()),
            List.of(
                    BigDecimal.ZERO,
                    new BigDecimal("1.0"),
                    new BigDecimal("1.00"),
                    new BigDecimal("-1E+400"),
                    new BigDecimal(BigInteger.TEN, Integer.MAX_VALUE),
                    new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE)),
            List.of(
                    "",
                    "a",
                    "alice@example.org",
                    "\0",
                    "\u007f\u0080\u00ff",
                    "\u0100",
                    "naïve",
                    "漢字",
                    "👍🏽",
                    "a\ud800",
                    "\udc00\ud800",
                    "\ud800\ud800\udc00",
                    "\ud83f",
                    "?",
                    "\ufeff\ufffd\ufffe\uffff",
                    "a".repeat(47),
                    "a".repeat(48),
                    "é".repeat(127),
                    "é".repeat(128),
                    "é".repeat(100) + "漢" + "é".repeat(100),
                    "漢".repeat(100),
                    "x".repeat(47) + "\ud800",
                    "x".repeat(100) + "\ud800" + "x".repeat(100),
                    "a".repeat(16_384),
                    "漢".repeat(30_000)),
            List.of(
                    new UUID(0, 0),
                    new UUID(-1, Long.MIN_VALUE),
                    UUID.fromString("01234567-89ab-4def-8123-456789abcdef")),
            List.of(
                    URI.create(""),
                    URI.create("https://user@example.org:8443/a%20b?c=d&e#f"),
                    URI.create("mailto:a@b.c"),
                    URI.create("/漢?x")),
            List.of(
                    Locale.ROOT,
                    Locale.GERMANY,
                    Locale.forLanguageTag("zh-Hant-TW"),
                    Locale.forLanguageTag("de-1996-u-co-phonebk"),
                    Locale.forLanguageTag("ja-JP-u-ca-japanese-x-lvariant-JP"),
                    Locale.forLanguageTag("x-private")),
            List.of(Shade.LIGHT, Shade.DARK, Shade.WARM, TimeUnit.SECONDS),
            List.of(
                    Instant.EPOCH,
                    Instant.MIN,
                    Instant.MAX,
                    Instant.ofEpochSecond(-1, 999_999_999),
                    Instant.parse("2026-11-21T10:15:30.123456789Z")),
            List.of(LocalDate.EPOCH, LocalDate.MIN, LocalDate.MAX, LocalDate.of(2024, 2, 29)),
            List.of(LocalTime.MIDNIGHT, LocalTime.MAX, LocalTime.of(12, 30)),
            List.of(LocalDateTime.MIN, LocalDateTime.MAX, LocalDateTime.of(2026, 11, 21, 10, 15)),
            List.of(
                    OffsetDateTime.MIN,
                    OffsetDateTime.MAX,
                    OffsetDateTime.of(2026, 11, 21, 10, 15, 0, 1, ZoneOffset.ofHoursMinutesSeconds(-5, -30, -1))),
            List.of(OffsetTime.MIN, OffsetTime.MAX, OffsetTime.of(10, 15, 0, 0, ZoneOffset.UTC)),
            List.of(
                    ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, BERLIN),
                    // the hour that comes twice, in both its offsets
                    ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, BERLIN).withEarlierOffsetAtOverlap(),
                    ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, BERLIN).withLaterOffsetAtOverlap(),
                    ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneOffset.ofHours(3)),
                    ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneId.of("UTC+03:00")),
                    ZonedDateTime.of(LocalDateTime.MIN, ZoneId.of("UTC")),
                    ZonedDateTime.of(LocalDateTime.MAX, BERLIN)),
            List.of(BERLIN, ZoneId.of("UTC"), ZoneId.of("GMT-7"), ZoneId.of("SystemV/PST8PDT".substring(8))),
            List.of(ZoneOffset.UTC, ZoneOffset.MIN, ZoneOffset.MAX, ZoneOffset.ofTotalSeconds(1)),
            List.of(
                    Duration.ZERO,
                    Duration.ofSeconds(Long.MIN_VALUE),
                    Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                    Duration.ofNanos(-1)),
            List.of(Period.ZERO, Period.of(1, -2, 3), Period.of(Integer.MIN_VALUE, Integer.MAX_VALUE, 0)),
            List.of(Year.of(2026), Year.of(Year.MIN_VALUE), Year.of(Year.MAX_VALUE)),
            List.of(YearMonth.of(2026, 11), YearMonth.of(Year.MIN_VALUE, 1), YearMonth.of(Year.MAX_VALUE, 12)),
            List.of(MonthDay.of(2, 29), MonthDay.of(12, 31)),
            Arrays.asList((Object[]) DayOfWeek.values()),
            Arrays.asList((Object[]) Month.values()),
            List.of(new byte[0], new byte[] {0, -1, 127, -128}, new byte[1000]),
            List.of(new int[0], new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}),
            List.of(new long[0], new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}),
            List.of(new double[0], new double[] {0, -0d, Double.NaN, Double.MIN_VALUE}),
            List.of(new String[0], new @Nullable String[] {"a", null, "漢", "\ud800"}));

    private Samples() {}

    static Stream<Object> all() {
        return BY_TYPE.stream().flatMap(List::stream);
    }
}
