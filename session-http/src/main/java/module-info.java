/** The session id on the wire, and the filter that gives a Jakarta Servlet application its {@code HttpSession}. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.http {
    requires transitive dev.holdfast.session;
    requires static transitive jakarta.servlet;
    requires static transitive org.jspecify;

    exports dev.holdfast.session.http;
    exports dev.holdfast.session.http.servlet;

    provides jakarta.servlet.ServletContainerInitializer with
            dev.holdfast.session.http.servlet.SessionFilterInitializer;
}
