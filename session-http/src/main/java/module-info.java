/** The session id on the wire, and the filter that gives a Jakarta Servlet application its {@code HttpSession}. */
@org.jspecify.annotations.NullMarked
module dev.holdfast.session.http {
    requires transitive dev.holdfast.session;
    requires java.net.http;
    requires static com.nimbusds.jose.jwt;
    requires static transitive jakarta.servlet;
    requires static jdk.httpserver;
    requires static tools.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.holdfast.session.http;
    exports dev.holdfast.session.http.servlet;
    exports dev.holdfast.session.http.token;
    exports dev.holdfast.session.http.wechat;
    exports dev.holdfast.session.http.wechat.standin;

    provides jakarta.servlet.ServletContainerInitializer with
            dev.holdfast.session.http.servlet.SessionFilterInitializer;
}
