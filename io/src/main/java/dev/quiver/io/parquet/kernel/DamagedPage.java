package dev.quiver.io.parquet.kernel;

/// What a page holds isn't what its encoding promises. The reader that knows file and column turns
/// it into the error that people see.
public final class DamagedPage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /// @param what half a sentence that goes on after "the page": `ends inside a run`
    public DamagedPage(String what) {
        super(what);
        this.what = what;
    }

    public String what() {
        return what;
    }
}
