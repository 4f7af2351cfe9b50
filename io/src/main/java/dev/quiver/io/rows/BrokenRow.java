package dev.quiver.io.rows;

/// A row that can't be read and goes another way; no error, so it has no trace.
public final class BrokenRow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String column;
    private final String rule;

    /// @param column where the trouble is; empty when it is the whole row
    /// @param rule as [dev.quiver.io.UnreadableRows] has them
    public BrokenRow(String column, String rule) {
        super(rule, null, false, false);
        this.column = column;
        this.rule = rule;
    }

    public String column() {
        return column;
    }

    public String rule() {
        return rule;
    }
}
