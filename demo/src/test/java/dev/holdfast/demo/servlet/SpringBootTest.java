package dev.holdfast.demo.servlet;

import static dev.holdfast.demo.servlet.Visitor.setCookies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Sessions;
import dev.holdfast.session.http.servlet.SessionFilter;
import dev.holdfast.session.memory.MemorySessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** The one bean of a Spring Boot application, as the README shows it. */
class SpringBootTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static FilterRegistrationBean<SessionFilter> bean(Sessions sessions) {
        var bean = new FilterRegistrationBean<>(SessionFilter.create(sessions));
        bean.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        bean.setOrder(Integer.MIN_VALUE);
        return bean;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the bean registers the filter for all dispatches, with asynchronous support, in front")
    void oneBean(Container container) throws Exception {
        try (MemorySessionStore store = MemorySessionStore.create();
                Sessions sessions = Sessions.create(store)) {
            Container.Running running = container.start(
                    context -> {
                        try {
                            bean(sessions).onStartup(context);
                        } catch (ServletException e) {
                            throw new IllegalStateException(e);
                        }
                        context.addServlet("error", new Page()).addMapping("/error-page");
                    },
                    Map.of());
            try {
                URI page = URI.create("http://127.0.0.1:" + running.port() + "/error-page");
                assertThat(setCookies(HTTP.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())))
                        .hasSize(1);
                assertThat(store.scan()).hasSize(1);
            } finally {
                running.stop().run();
            }
        }
    }

    private static final class Page extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getSession().setAttribute("async", request.isAsyncSupported());
            response.getWriter().print(request.getSession().getAttribute("async"));
        }
    }
}
