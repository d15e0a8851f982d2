package dev.holdfast.session;

/** What a store was asked; see {@link SessionListener#onStoreCall}. */
public enum StoreVerb {
    CREATE("create", true),
    LOAD("load", false),
    UPDATE("update", true),
    TOUCH("touch", true),
    DELETE("delete", true),
    PURGE("purgeExpired", true),
    FIND_BY_PRINCIPAL("findByPrincipal", false),
    DELETE_BY_PRINCIPAL("deleteByPrincipal", true);

    private final String method;
    private final boolean writes;

    StoreVerb(String method, boolean writes) {
        this.method = method;
        this.writes = writes;
    }

    boolean writes() {
        return writes;
    }

    /** Returns the method's name. */
    @Override
    public String toString() {
        return method;
    }
}
