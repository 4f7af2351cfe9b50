package dev.quiver.io;

import dev.quiver.columnar.Dictionary;
import java.util.ArrayList;
import java.util.List;

/// The dictionaries of a scan, for one of its readers: in use from [DictionarySet#open] to
/// [#close], which also gives the reader's encoders back. For one thread at a time.
public final class ScanDictionaries implements AutoCloseable {
    private final DictionarySet set;
    private final DictionarySet.Scan scan;
    private final List<DictionaryEncoder> encoders = new ArrayList<>();
    private boolean closed;

    ScanDictionaries(DictionarySet set, DictionarySet.Scan scan) {
        this.set = set;
        this.scan = scan;
    }

    /// The dictionary of a column. Still the set's own.
    public Dictionary dictionary(String column) {
        checkOpen();
        return set.dictionary(scan, column);
    }

    /// An encoder for a column's dictionary, until [#close]. Those that other readers had before
    /// come first, with what they learned.
    public DictionaryEncoder encoder(String column) {
        checkOpen();
        DictionaryEncoder encoder = set.encoder(scan, column);
        encoders.add(encoder);
        return encoder;
    }

    private void checkOpen() {
        if (closed) throw new IllegalStateException("the scan's dictionaries are closed");
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        set.giveBack(scan, encoders);
    }
}
