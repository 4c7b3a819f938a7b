package io.snowline.server.issuing;

import io.snowline.id.IdUnavailableException;

/** A request, and the callbacks for its failures; at most one of them is called, by the thread that knows. */
abstract class Order {

    /** Takes the reason why nothing can be issued. */
    protected abstract void refused(IdUnavailableException why);

    /** Takes an unexpected failure. */
    protected abstract void failed(Throwable why);
}
