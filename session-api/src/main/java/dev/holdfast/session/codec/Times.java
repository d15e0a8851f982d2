package dev.holdfast.session.codec;

import java.nio.charset.StandardCharsets;
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

/** The types of {@code java.time}. */
final class Times {

    private static final int NANOS = 999_999_999;

    private Times() {}

    /** Writes the value if it is one of these; else writes nothing and returns {@code false}. */
    static boolean write(Object value, ByteWriter out) {
        if (value instanceof Instant instant) {
            out.tagged(Tag.INSTANT, instant.getEpochSecond());
            out.unsigned(instant.getNano());
        } else if (value instanceof LocalDate date) {
            out.tagged(Tag.LOCAL_DATE, date.toEpochDay());
        } else if (value instanceof LocalDateTime dateTime) {
            out.one(Tag.LOCAL_DATE_TIME);
            dateTime(dateTime, out);
        } else if (value instanceof Duration duration) {
            out.tagged(Tag.DURATION, duration.getSeconds());
            out.unsigned(duration.getNano());
        } else if (value instanceof LocalTime time) {
            out.one(Tag.LOCAL_TIME);
            out.unsigned(time.toNanoOfDay());
        } else if (value instanceof ZonedDateTime zoned) {
            out.one(Tag.ZONED_DATE_TIME);
            dateTime(zoned.toLocalDateTime(), out);
            out.signed(zoned.getOffset().getTotalSeconds());
            zone(zoned.getZone(), out);
        } else if (value instanceof OffsetDateTime offset) {
            out.one(Tag.OFFSET_DATE_TIME);
            dateTime(offset.toLocalDateTime(), out);
            out.signed(offset.getOffset().getTotalSeconds());
        } else if (value instanceof ZoneOffset offset) {
            out.tagged(Tag.ZONE_OFFSET, offset.getTotalSeconds());
        } else if (value instanceof ZoneId zone) {
            out.one(Tag.ZONE_REGION);
            zone(zone, out);
        } else {
            return writeRarer(value, out);
        }
        return true;
    }

    private static boolean writeRarer(Object value, ByteWriter out) {
        if (value instanceof OffsetTime offset) {
            out.one(Tag.OFFSET_TIME);
            out.unsigned(offset.toLocalTime().toNanoOfDay());
            out.signed(offset.getOffset().getTotalSeconds());
        } else if (value instanceof Period period) {
            out.tagged(Tag.PERIOD, period.getYears());
            out.signed(period.getMonths());
            out.signed(period.getDays());
        } else if (value instanceof Year year) {
            out.tagged(Tag.YEAR, year.getValue());
        } else if (value instanceof YearMonth yearMonth) {
            out.tagged(Tag.YEAR_MONTH, yearMonth.getYear());
            out.one(yearMonth.getMonthValue());
        } else if (value instanceof MonthDay monthDay) {
            out.one(Tag.MONTH_DAY);
            out.one(monthDay.getMonthValue());
            out.one(monthDay.getDayOfMonth());
        } else if (value instanceof DayOfWeek day) {
            out.one(Tag.DAY_OF_WEEK);
            out.one(day.getValue());
        } else if (value instanceof Month month) {
            out.one(Tag.MONTH);
            out.one(month.getValue());
        } else {
            return false;
        }
        return true;
    }

    private static void dateTime(LocalDateTime dateTime, ByteWriter out) {
        out.signed(dateTime.toLocalDate().toEpochDay());
        out.unsigned(dateTime.toLocalTime().toNanoOfDay());
    }

    /** Writes the id of a region; of a mere offset, which stands elsewhere, an empty one. */
    private static void zone(ZoneId zone, ByteWriter out) {
        out.counted((zone instanceof ZoneOffset ? "" : zone.getId()).getBytes(StandardCharsets.ISO_8859_1));
    }

    static Object read(int tag, ByteReader in) {
        return switch (tag) {
            case Tag.INSTANT -> Instant.ofEpochSecond(in.signed(), in.unsigned(NANOS));
            case Tag.LOCAL_DATE -> LocalDate.ofEpochDay(in.signed());
            case Tag.LOCAL_TIME -> LocalTime.ofNanoOfDay(in.unsigned());
            case Tag.LOCAL_DATE_TIME -> dateTime(in);
            case Tag.OFFSET_DATE_TIME -> OffsetDateTime.of(dateTime(in), offset(in));
            case Tag.OFFSET_TIME -> OffsetTime.of(LocalTime.ofNanoOfDay(in.unsigned()), offset(in));
            case Tag.ZONED_DATE_TIME -> zoned(dateTime(in), offset(in), in.counted());
            case Tag.ZONE_OFFSET -> offset(in);
            case Tag.ZONE_REGION -> region(in.counted());
            case Tag.DURATION -> Duration.ofSeconds(in.signed(), in.unsigned(NANOS));
            case Tag.PERIOD -> Period.of(in.signedInt(), in.signedInt(), in.signedInt());
            case Tag.YEAR -> Year.of(in.signedInt());
            case Tag.YEAR_MONTH -> YearMonth.of(in.signedInt(), in.one());
            case Tag.MONTH_DAY -> MonthDay.of(in.one(), in.one());
            case Tag.DAY_OF_WEEK -> DayOfWeek.of(in.one());
            case Tag.MONTH -> Month.of(in.one());
            default -> throw new UndecodableValueException("the stored value is of no known type");
        };
    }

    private static LocalDateTime dateTime(ByteReader in) {
        return LocalDateTime.of(LocalDate.ofEpochDay(in.signed()), LocalTime.ofNanoOfDay(in.unsigned()));
    }

    private static ZoneOffset offset(ByteReader in) {
        return ZoneOffset.ofTotalSeconds(in.signedInt());
    }

    /** Where the zone's rules have changed since the value was stored, the instant stays and the local time moves. */
    private static ZonedDateTime zoned(LocalDateTime dateTime, ZoneOffset offset, byte[] zone) {
        return ZonedDateTime.ofInstant(dateTime, offset, zone.length == 0 ? offset : region(zone));
    }

    private static ZoneId region(byte[] id) {
        ZoneId zone = ZoneId.of(new String(id, StandardCharsets.ISO_8859_1));
        if (zone instanceof ZoneOffset) {
            throw new UndecodableValueException("a zone in the stored value is malformed");
        }
        return zone;
    }
}
