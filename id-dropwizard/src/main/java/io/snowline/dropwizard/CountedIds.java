package io.snowline.dropwizard;

import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;

/**
 * A generator whose IDs and refusals are counted. Thread-safe.
 *
 * @param ids issues the IDs
 * @param metrics counts them
 */
record CountedIds(IdGenerator ids, NamespaceMetrics metrics) implements IdGenerator {

    @Override
    public long nextId() {
        long id;
        try {
            id = ids.nextId();
        } catch (IdUnavailableException e) {
            metrics.refused(e);
            throw e;
        }
        metrics.issued(1);
        return id;
    }

    @Override
    public void nextIds(long[] array) {
        try {
            ids.nextIds(array);
        } catch (IdUnavailableException e) {
            metrics.refused(e);
            throw e;
        }
        metrics.issued(array.length);
    }

    @Override
    public IdLayout layout() {
        return ids.layout();
    }

    @Override
    public void close() {
        ids.close();
    }
}
