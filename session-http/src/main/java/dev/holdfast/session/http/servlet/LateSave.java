package dev.holdfast.session.http.servlet;

import dev.holdfast.session.spi.SessionStoreException;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Saves what an asynchronous request changed after its response was committed, or before it timed out. */
record LateSave(Exchange exchange) implements AsyncListener {

    private static final System.Logger LOG = System.getLogger(LateSave.class.getName());

    @Override
    public void onComplete(AsyncEvent event) {
        try {
            exchange.settleLate();
        } catch (SessionStoreException e) {
            LOG.log(System.Logger.Level.WARNING, "changes of a session are lost: the response had ended already", e);
        } finally {
            exchange.release();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // the container completes the request
    }

    @Override
    public void onError(AsyncEvent event) {
        // the container completes the request
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // the request adds a listener of its own
    }
}
