package io.snowline.audit;

/**
 * Passes IDs on to another visitor, and tells how far it is.
 *
 * <p>Not thread-safe.
 */
final class Comparing implements ExternalSort.Visitor {

    private final ExternalSort.Visitor visitor;
    private final long ofIds;
    private final Progress progress;
    private long ids;

    /**
     * @param visitor takes the IDs
     * @param ofIds how many there are
     */
    Comparing(ExternalSort.Visitor visitor, long ofIds, Progress progress) {
        this.visitor = visitor;
        this.ofIds = ofIds;
        this.progress = progress;
        progress.begin();
    }

    @Override
    public void visit(long id, long ordinal) {
        visitor.visit(id, ordinal);
        ids++;
        progress.compared(ids, ofIds);
    }
}
