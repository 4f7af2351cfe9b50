package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.Arrays;
import java.util.List;

/// Some rows of a nested column, seen from one of its leaves: an entry for each value, null and
/// empty list on the way, with its levels of repetition and definition.
///
/// After "Dremel: Interactive Analysis of Web-Scale Datasets" (Melnik and others, 2010), section 4.
final class LeafLevels {
    /// The row of the leaf's column for an entry that has no value there.
    private static final int NONE = -1;

    private int[] repetition;
    private int[] definition;
    private int[] rows;
    private int entries;
    private Column leaf;

    private LeafLevels(Column column, int from, int count) {
        this.leaf = column;
        this.entries = count;
        this.repetition = new int[count];
        this.definition = new int[count];
        this.rows = new int[count];
        for (int i = 0; i < count; i++) rows[i] = from + i;
    }

    /// @param route which field to take at each struct on the way to the leaf
    static LeafLevels of(Column column, Field field, List<Integer> route, int from, int count) {
        var levels = new LeafLevels(column, from, count);
        Field at = field;
        int structs = 0;
        int lists = 0;
        while (true) {
            if (at.nullable()) levels.defineWhereNotNull();
            switch (at.type()) {
                case DataType.ListOf(var element) -> {
                    levels.expand((ListColumn) levels.leaf, ++lists);
                    at = element;
                }
                case DataType.Struct(var fields) -> {
                    int part = route.get(structs++);
                    levels.leaf = ((StructColumn) levels.leaf).fields().get(part);
                    at = fields.get(part);
                }
                default -> {
                    return levels;
                }
            }
        }
    }

    private void defineWhereNotNull() {
        for (int i = 0; i < entries; i++) {
            if (rows[i] == NONE) continue;
            if (leaf.isNull(rows[i])) rows[i] = NONE;
            else definition[i]++;
        }
    }

    /// Makes an entry for each element, and one for each list without any.
    ///
    /// @param level of repetition of an element that isn't its list's first
    private void expand(ListColumn lists, int level) {
        long total = 0;
        for (int i = 0; i < entries; i++)
            total += rows[i] == NONE ? 1 : Math.max(1, lists.end(rows[i]) - lists.start(rows[i]));
        int size = Math.toIntExact(total);
        var newRepetition = new int[size];
        var newDefinition = new int[size];
        var newRows = new int[size];
        int to = 0;
        for (int i = 0; i < entries; i++) {
            int start = rows[i] == NONE ? 0 : lists.start(rows[i]);
            int end = rows[i] == NONE ? 0 : lists.end(rows[i]);
            newRepetition[to] = repetition[i];
            newDefinition[to] = definition[i] + (end > start ? 1 : 0);
            newRows[to++] = end > start ? start : NONE;
            for (int element = start + 1; element < end; element++) {
                newRepetition[to] = level;
                newDefinition[to] = definition[i] + 1;
                newRows[to++] = element;
            }
        }
        repetition = newRepetition;
        definition = newDefinition;
        rows = newRows;
        entries = size;
        leaf = lists.elements();
    }

    int entries() {
        return entries;
    }

    /// Of each entry: which list around it goes on; 0 begins a row.
    int[] repetition() {
        return repetition;
    }

    /// Of each entry: how many of the optional and repeated parts around it are there.
    int[] definition() {
        return definition;
    }

    /// The leaf's column.
    Column leaf() {
        return leaf;
    }

    /// The rows of [#leaf] that hold the values, in order.
    int[] valueRows() {
        return Arrays.stream(rows).filter(row -> row != NONE).toArray();
    }
}
