package dev.holdfast.session.http.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/**
 * Saves the session before the container may end the asynchronous response: at completion, and at a dispatch too, since
 * a filter that is not registered for such dispatches is not called at its end.
 */
record SessionAsyncContext(AsyncContext context, Exchange exchange) implements AsyncContext {

    @Override
    public void complete() {
        exchange.settle();
        context.complete();
    }

    @Override
    public void dispatch() {
        exchange.dispatchLater();
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        exchange.dispatchLater();
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext target, String path) {
        exchange.dispatchLater();
        context.dispatch(target, path);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void start(Runnable task) {
        context.start(task);
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(listener);
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(listener, request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long milliseconds) {
        context.setTimeout(milliseconds);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }
}
