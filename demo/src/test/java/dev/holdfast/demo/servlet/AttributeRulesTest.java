package dev.holdfast.demo.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.session.codec.JdkCodec;
import dev.holdfast.session.codec.TypedCodec;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is bound into a session, and who hears of it. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("dev.holdfast.demo.servlet.Everywhere#combinations")
class AttributeRulesTest {

    private static final List<String> HEARD = new CopyOnWriteArrayList<>();

    private final Application application;
    private final Visitor visitor;

    AttributeRulesTest(Container container, Backend backend) {
        HEARD.clear();
        application = new Application(
                container,
                backend,
                settings -> settings.codec(JdkCodec.create(Bound.class, Moved.class, Cart.class))
                        .codec(TypedCodec.create()));
        visitor = new Visitor(application);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private static List<String> heard() {
        List<String> heard = List.copyOf(HEARD);
        HEARD.clear();
        return heard;
    }

    private static List<String> names(HttpSession session) {
        return Collections.list(session.getAttributeNames());
    }

    @Test
    @DisplayName("V19: what one servlet binds by name another one gets, in the same request and in the next")
    void bind() throws Exception {
        application
                .page(
                        "/other",
                        (request, response) -> assertThat(request.getSession().getAttribute("a"))
                                .isEqualTo("tea"))
                .start();
        visitor.act((request, response) -> {
            request.getSession().setAttribute("a", "tea");
            request.getRequestDispatcher("/other").include(request, response);
        });
        assertThat(visitor.send("GET", "/other").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("V20: setAttribute replaces, a null value removes, removing what is not there does nothing")
    void replaceAndRemove() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            session.setAttribute("a", 2);
            session.setAttribute("b", 1);
            session.setAttribute("c", 1);
            session.setAttribute("b", null);
            session.removeAttribute("c");
            session.removeAttribute("never");
            assertThat(session.getAttribute("a")).isEqualTo(2);
            assertThat(session.getAttribute("b")).isNull();
            assertThat(session.getAttribute("c")).isNull();
        });
        visitor.visit(request -> {
            assertThat(names(request.getSession())).containsExactly("a");
            request.getSession().removeAttribute("a");
        });
        visitor.visit(request -> assertThat(names(request.getSession())).isEmpty());
    }

    @Test
    @DisplayName("V21: getAttribute is null for what is not bound, getAttributeNames names what is")
    void namesOfAll() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            assertThat(names(session)).isEmpty();
            assertThat(session.getAttribute("a")).isNull();
            session.setAttribute("a", 1);
            session.setAttribute("Grüße ☂", 2);
        });
        visitor.visit(request -> assertThat(names(request.getSession())).containsExactlyInAnyOrder("a", "Grüße ☂"));
    }

    @Test
    @DisplayName("V22: an attribute's name is not null")
    void nullName() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            assertThatIllegalArgumentException().isThrownBy(() -> session.setAttribute(nothing(), 1));
            assertThat(session.getAttribute(nothing())).isNull();
            session.removeAttribute(nothing());
        });
    }

    private static @Nullable String nothing() {
        return null;
    }

    @Test
    @DisplayName("V23: valueBound comes before the object can be got, valueUnbound after it can't be got any more")
    void bindingListener() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", new Bound("one"));
            session.setAttribute("a", new Bound("two"));
            session.removeAttribute("a");
            session.setAttribute("a", new Bound("three"));
            session.setAttribute("a", null);
        });
        assertThat(heard())
                .containsExactly(
                        "bound one, got null",
                        "bound two, got one",
                        "unbound one, got two",
                        "unbound two, got null",
                        "bound three, got null",
                        "unbound three, got null");
    }

    @Test
    @DisplayName("V24: invalidate unbinds what an earlier request has bound, while the rest can still be got")
    void unboundAtTheEnd() throws Exception {
        application.start();
        visitor.visit(request -> {
            request.getSession().setAttribute("a", new Bound("one"));
            request.getSession().setAttribute("b", 1);
        });
        heard();
        visitor.visit(request -> request.getSession().invalidate());
        assertThat(heard()).containsExactly("unbound one, got null");
    }

    @Test
    @DisplayName(
            "V25: attribute listeners hear of what is added, replaced (with the old value) and removed, after it was")
    void attributeListener() throws Exception {
        application.filter(filter -> filter.listener(new Attributes())).start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", 1);
            session.setAttribute("a", 2);
            session.removeAttribute("a");
            session.removeAttribute("a");
            session.setAttribute("b", 3);
            session.setAttribute("b", null);
        });
        assertThat(heard())
                .containsExactly(
                        "added a=1, now 1",
                        "replaced a=1, now 2",
                        "removed a=2, now null",
                        "added b=3, now 3",
                        "removed b=3, now null");
    }

    @Test
    @DisplayName("V26: session listeners hear of the beginning in their order, and before the end in the reverse order")
    void sessionListener() throws Exception {
        application
                .filter(filter -> filter.listener(new Lifecycle("one")).listener(new Lifecycle("two")))
                .start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        assertThat(heard()).containsExactly("one created", "two created");
        visitor.visit(request -> request.getSession().setAttribute("a", 2));
        assertThat(heard()).isEmpty();
        visitor.visit(request -> request.getSession().invalidate());
        assertThat(heard()).containsExactly("two destroyed with [a]", "one destroyed with [a]");
    }

    @Test
    @DisplayName("V27: id listeners hear of a changed id, with the old one")
    void idListener() throws Exception {
        HttpSessionIdListener listener =
                (event, old) -> HEARD.add(old + " to " + event.getSession().getId());
        application.filter(filter -> filter.listener(listener)).start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        String before = visitor.cookie();
        visitor.visit(request -> request.changeSessionId());
        assertThat(heard()).containsExactly(before + " to " + visitor.cookie());
    }

    @Test
    @DisplayName("V28: values that listen hear before they are stored, and after they have come from the store")
    void activationListener() throws Exception {
        application.start();
        visitor.visit(request -> {
            request.getSession().setAttribute("a", new Moved());
            request.getSession().getAttribute("a");
        });
        assertThat(heard()).containsExactly("passivated");
        visitor.visit(request -> {
            request.getSession().getAttribute("a");
            request.getSession().getAttribute("a");
        });
        assertThat(heard()).containsExactly("activated", "passivated");
        visitor.visit(request -> request.getSession().getAttribute("b"));
        assertThat(heard()).as("not touched").isEmpty();
    }

    @Test
    @DisplayName("V29: a value that can't be moved to another node is an IllegalArgumentException")
    void unsupported() throws Exception {
        application.start();
        visitor.visit(request -> assertThatIllegalArgumentException()
                .isThrownBy(() -> request.getSession().setAttribute("a", new Object())));
    }

    @Test
    @DisplayName("V30: Serializable values are accepted whose classes are on the allow-list, with what they refer to")
    void serializable() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", new Cart("tea", new Cart("bread", null))));
        visitor.visit(request ->
                assertThat(request.getSession().getAttribute("a")).isEqualTo(new Cart("tea", new Cart("bread", null))));
    }

    @Test
    @DisplayName("V31: an object that was changed after it was got is stored so, without setAttribute")
    void changedInPlace() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", new ArrayList<>(List.of("x"))));
        visitor.visit(request -> {
            @SuppressWarnings("unchecked")
            List<String> list = (List<String>) request.getSession().getAttribute("a");
            list.add("y");
        });
        visitor.visit(
                request -> assertThat(request.getSession().getAttribute("a")).isEqualTo(List.of("x", "y")));
    }

    @Test
    @DisplayName("V32: threads of one request may use the session at once")
    void threadsOfOneRequest() throws Exception {
        application.start();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            together(16, i -> {
                session.setAttribute("a" + i, i);
                assertThat(session.getAttribute("a" + i)).isEqualTo(i);
                session.getAttributeNames();
            });
        });
        visitor.visit(request -> assertThat(names(request.getSession())).hasSize(16));
    }

    @Test
    @DisplayName("V33: requests that use the session at once lose none of one another's attributes")
    void parallelRequests() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        together(
                8,
                i -> new Visitor(application)
                        .with("session", visitor.cookie())
                        .visit(request -> request.getSession().setAttribute("a" + i, i)));
        visitor.visit(request -> assertThat(names(request.getSession())).hasSize(9));
    }

    @Test
    @DisplayName("V66: listeners hear of a session that has expired when its id is presented, with what it held")
    void expired() throws Exception {
        application.filter(filter -> filter.listener(new Lifecycle("one"))).start();
        visitor.visit(request -> request.getSession().setAttribute("a", new Bound("tea")));
        heard();
        application.clock.advance(Duration.ofMinutes(29));
        visitor.visit(request -> request.getSession().setAttribute("b", 1));
        application.clock.advance(Duration.ofMinutes(29));
        new Visitor(application).visit(request -> request.getSession(false));
        assertThat(heard()).as("prolonged").isEmpty();
        application.clock.advance(Duration.ofMinutes(1));
        visitor.visit(request -> {
            assertThat(request.getSession(false)).isNull();
            assertThat(heard()).containsExactly("one destroyed with [a, b]", "unbound tea, got null");
        });
        visitor.visit(request -> request.getSession(false));
        assertThat(heard()).as("once").isEmpty();
    }

    @Test
    @DisplayName(
            "V67: or with the end of any later request, unless it was prolonged elsewhere, changed its id or ended")
    void sweptUp() throws Exception {
        application.filter(filter -> filter.listener(new Lifecycle("one"))).start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        Visitor renamed = new Visitor(application);
        renamed.visit(request -> request.getSession().setAttribute("b", 1));
        renamed.visit(HttpServletRequest::changeSessionId);
        Visitor ended = new Visitor(application);
        ended.visit(request -> request.getSession().setAttribute("c", 1));
        ended.visit(request -> request.getSession().invalidate());
        Visitor prolonged = new Visitor(application);
        prolonged.visit(request -> request.getSession().setAttribute("d", 1));
        heard();
        application.clock.advance(Duration.ofMinutes(20));
        try (Application node = application.node().start()) {
            new Visitor(node)
                    .with("session", prolonged.cookie())
                    .visit(request -> assertThat(request.getSession(false)).isNotNull());
        }
        application.clock.advance(Duration.ofMinutes(10));
        new Visitor(application).send("GET", "/");
        assertThat(heard()).containsExactlyInAnyOrder("one destroyed with [a]", "one destroyed with [b]");
        application.clock.advance(Duration.ofMinutes(20));
        new Visitor(application).send("GET", "/");
        assertThat(heard()).containsExactly("one destroyed with [d]");
    }

    @Test
    @DisplayName("V68: a value hears of an expiry without any other listener, and not of being bound where it can't be")
    void valuesAlone() throws Exception {
        application.start();
        visitor.visit(request -> request.getSession().setAttribute("a", new Bound("tea")));
        visitor.visit(request -> request.getSession().setAttribute("b", 1));
        assertThat(heard()).containsExactly("bound tea, got null");
        visitor.visit(request -> assertThatIllegalArgumentException()
                .isThrownBy(() -> request.getSession().setAttribute("c", new Unknown())));
        assertThat(heard()).containsExactly("bound unknown", "unbound unknown");
        application.clock.advance(Duration.ofMinutes(31));
        visitor.send("GET", "/");
        assertThat(heard()).containsExactly("unbound tea, got null");
    }

    @Test
    @DisplayName("V69: in sessionDestroyed the session can be used, and ended no second time; then values are unbound")
    void usedAtTheEnd() throws Exception {
        HttpSessionListener listener = new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                HttpSession session = event.getSession();
                session.setAttribute("late", 1);
                session.invalidate();
                HEARD.add(session.getId() + " " + session.isNew() + " " + session.getAttribute("a") + names(session));
            }
        };
        application.filter(filter -> filter.listener(listener)).start();
        visitor.visit(request -> request.getSession().setAttribute("a", 1));
        String id = visitor.cookie();
        visitor.visit(request -> {
            HttpSession session = request.getSession();
            session.invalidate();
            assertThatIllegalStateException().isThrownBy(session::invalidate);
        });
        assertThat(heard()).containsExactly(id + " false 1[a, late]");
        new Visitor(application)
                .with("session", id)
                .visit(request -> assertThat(request.getSession(false)).isNull());
    }

    private interface Task {
        void run(int i) throws Exception;
    }

    private static void together(int count, Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> all = IntStream.range(0, count)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        task.run(i);
                        return i;
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private record Cart(String item, @Nullable Cart next) implements Serializable {}

    private record Bound(String name) implements HttpSessionBindingListener, Serializable {

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            HEARD.add("bound " + name + ", got " + got(event));
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add("unbound " + name + ", got " + got(event));
        }

        private static String got(HttpSessionBindingEvent event) {
            return event.getSession().getAttribute(event.getName()) instanceof Bound bound ? bound.name : "null";
        }
    }

    private record Unknown() implements HttpSessionBindingListener {

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            HEARD.add("bound unknown");
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            HEARD.add("unbound unknown");
        }
    }

    private record Moved() implements HttpSessionActivationListener, Serializable {

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            HEARD.add("passivated");
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            HEARD.add("activated");
        }
    }

    private record Lifecycle(String name) implements HttpSessionListener {

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            HEARD.add(name + " created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            HEARD.add(name + " destroyed with " + names(event.getSession()));
        }
    }

    private static final class Attributes implements HttpSessionAttributeListener {

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            hear("added", event);
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            hear("replaced", event);
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            hear("removed", event);
        }

        private static void hear(String what, HttpSessionBindingEvent event) {
            HEARD.add(what + " " + event.getName() + "=" + event.getValue() + ", now "
                    + event.getSession().getAttribute(event.getName()));
        }
    }
}
