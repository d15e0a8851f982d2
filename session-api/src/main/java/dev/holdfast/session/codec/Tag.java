package dev.holdfast.session.codec;

/** The first byte of each value in the typed format: stored, so never changed and never given to another type. */
final class Tag {

    static final int NULL = 0x00;
    static final int FALSE = 0x01;
    static final int TRUE = 0x02;

    static final int BYTE = 0x10;
    static final int SHORT = 0x11;
    static final int INTEGER = 0x12;
    static final int LONG = 0x13;
    static final int FLOAT = 0x14;
    static final int DOUBLE = 0x15;
    static final int CHARACTER = 0x16;
    static final int BIG_INTEGER = 0x17;
    static final int BIG_DECIMAL = 0x18;

    static final int LATIN_1 = 0x20;
    static final int UTF_8 = 0x21;
    static final int UTF_16 = 0x22;

    static final int UUID = 0x28;
    static final int URI = 0x29;
    static final int LOCALE = 0x2A;
    static final int ENUM = 0x2B;

    static final int INSTANT = 0x30;
    static final int LOCAL_DATE = 0x31;
    static final int LOCAL_TIME = 0x32;
    static final int LOCAL_DATE_TIME = 0x33;
    static final int OFFSET_DATE_TIME = 0x34;
    static final int OFFSET_TIME = 0x35;
    static final int ZONED_DATE_TIME = 0x36;
    static final int ZONE_OFFSET = 0x37;
    static final int ZONE_REGION = 0x38;
    static final int DURATION = 0x39;
    static final int PERIOD = 0x3A;
    static final int YEAR = 0x3B;
    static final int YEAR_MONTH = 0x3C;
    static final int MONTH_DAY = 0x3D;
    static final int DAY_OF_WEEK = 0x3E;
    static final int MONTH = 0x3F;

    static final int BYTE_ARRAY = 0x40;
    static final int INT_ARRAY = 0x41;
    static final int LONG_ARRAY = 0x42;
    static final int DOUBLE_ARRAY = 0x43;
    static final int STRING_ARRAY = 0x44;

    static final int LIST = 0x50;
    static final int SET = 0x51;
    static final int MAP = 0x52;
    static final int SORTED_SET = 0x53;
    static final int SORTED_MAP = 0x54;

    static final int OTHER = 0x60;

    private Tag() {}
}
