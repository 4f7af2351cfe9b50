package dev.quiver.dataframe;

import dev.quiver.expression.Expression;

record TreeSortKey(Expression tree, boolean descending, boolean nullsAtStart) implements SortKey {
    @Override
    public SortKey nullsFirst() {
        return new TreeSortKey(tree, descending, true);
    }

    @Override
    public SortKey nullsLast() {
        return new TreeSortKey(tree, descending, false);
    }
}
