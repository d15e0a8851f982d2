package dev.holdfast.session.http.servlet;

import dev.holdfast.session.SessionStores;
import dev.holdfast.session.Sessions;
import dev.holdfast.session.SessionsBuilder;
import dev.holdfast.session.spi.SessionStore;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SessionFilter} for {@code web.xml}: its init parameters are the settings, and the module's README lists them.
 *
 * <p>The parameter {@code store} is the URI of the session store, which this filter opens, and closes when the
 * application stops. Without it, the sessions are those that a listener of the application has put into the context
 * under the name {@link #SESSIONS}, and are the application's to close.
 */
public final class ConfiguredSessionFilter implements Filter {

    /** The name of the {@link ServletContext} attribute that may hold the {@link Sessions}. */
    public static final String SESSIONS = "dev.holdfast.session.Sessions";

    private @Nullable SessionFilter filter;
    private @Nullable Sessions ownSessions;

    /** Called by the container. */
    public ConfiguredSessionFilter() {}

    /**
     * Opens the store.
     *
     * @throws ServletException if a parameter is wrong or unknown, or there is neither store nor sessions; no message
     *     holds the store's URI
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        try {
            start(parametersOf(config), config.getServletContext());
        } catch (RuntimeException e) {
            destroy();
            throw new ServletException("the session filter '" + config.getFilterName() + "': " + e.getMessage(), e);
        }
    }

    private static InitParameters parametersOf(FilterConfig config) {
        Map<String, String> values = new TreeMap<>();
        Collections.list(config.getInitParameterNames())
                .forEach(name -> values.put(name, config.getInitParameter(name)));
        return new InitParameters(values);
    }

    private void start(InitParameters parameters, ServletContext context) throws ServletException {
        String store = parameters.values().get(InitParameters.STORE);
        if (store != null) {
            Sessions opened = open(store.strip(), parameters);
            ownSessions = opened;
            filter = parameters.filter(opened, context);
        } else if (context.getAttribute(SESSIONS) instanceof Sessions sessions) {
            parameters.requireNoneForSessions();
            filter = parameters.filter(sessions, context);
        } else {
            throw new IllegalArgumentException("it needs the parameter '" + InitParameters.STORE
                    + "', or a Sessions as the context's attribute " + SESSIONS);
        }
    }

    private static Sessions open(String uri, InitParameters parameters) {
        SessionStore store = SessionStores.open(uri);
        try {
            SessionsBuilder sessions = Sessions.builder(store);
            parameters.applyTo(sessions);
            return sessions.build();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Objects.requireNonNull(filter, "init was not called").doFilter(request, response, chain);
    }

    @Override
    public void destroy() {
        Sessions own = ownSessions;
        if (own != null) {
            ownSessions = null;
            own.close();
            own.store().close();
        }
    }
}
