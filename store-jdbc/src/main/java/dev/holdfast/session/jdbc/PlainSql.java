package dev.holdfast.session.jdbc;

/** A database that is not known here: standard SQL only. */
record PlainSql(String product, Statements sql) implements Dialect {

    PlainSql(String product, Table table) {
        this(product, new Statements(table, " FETCH FIRST ? ROWS ONLY"));
    }

    @Override
    public String script() {
        return "META-INF/holdfast/jdbc/standard.sql";
    }

    @Override
    public int maxPayloadBytes() {
        return Integer.MAX_VALUE;
    }
}
