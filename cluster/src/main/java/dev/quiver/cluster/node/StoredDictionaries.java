package dev.quiver.cluster.node;

import dev.quiver.cluster.data.OwnDictionaries;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The dictionaries of the outputs that a worker holds. What its peers send of the same stage is
/// given codes of these, so that who reads both meets one dictionary.
final class StoredDictionaries implements OwnDictionaries {
    private final ChunkStore store;

    StoredDictionaries(ChunkStore store) {
        this.store = store;
    }

    @Override
    public @Nullable Dictionary find(int stage, int column) {
        try (TaskOutput output = store.findAny(stage)) {
            if (output == null || output.isTable()) return null;
            List<Chunk> chunks = output.chunks();
            if (chunks.isEmpty()) return null;
            var search = new Search(column);
            for (Column each : chunks.getFirst().columns()) search.visit(each);
            Dictionary found = search.found;
            return found != null && found.isOpen() ? found : null;
        }
    }

    /// Counts columns until the one that is looked for.
    private static final class Search {
        private int left;
        private @Nullable Dictionary found;

        Search(int left) {
            this.left = left;
        }

        void visit(Column column) {
            if (left-- == 0 && column instanceof DictionaryColumn coded) found = coded.dictionary();
            switch (column) {
                case ListColumn list -> visit(list.elements());
                case StructColumn struct -> struct.fields().forEach(this::visit);
                default -> {}
            }
        }
    }
}
