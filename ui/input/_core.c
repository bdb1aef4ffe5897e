/* The word lattice of ui.input.lattice in C. Same results to the last bit; read that file first.
 *
 * Everything read from the data file is bounds-checked: a damaged file that was opened without
 * verification gives wrong words, never a crash.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATES = 24,
    WORDS = 40,
    PARTIAL_WORDS = 24,
    BEAM = 6 * 1024,
    PARTIAL_COST = 1664,
    PARTIAL_STEP = 128,
    PARTIAL_MOST = 3072,
    INITIAL_COST = 3072,
    ALTERNATIVES = 3,
    WINDOW = 32,
    MAX_KEYS = 128,
    COST_BITS = 14,
    BLOCK_BITS = 5,
    FORMAT = 2, /* of the data file, VERSION in ui.input.model */
    INTERFACE = 3, /* what Python gives and gets, INTERFACE in ui.input.lattice */
    COST_MASK = (1 << COST_BITS) - 1,
    SIGN_OFFSET = 1 << (COST_BITS - 1),
    UNKNOWN_COST = COST_MASK,
    BOS = 0,
    EOS = 1,
    UNK = 2,
    UNFINISHED = 2, /* in `boundary`: the syllable before it may be unfinished */
};
enum kind { FULL = 0, INITIAL = 1, PARTIAL = 2 };

typedef struct {
    int32_t cost, start, state, code; /* code: entry << 2 | kind */
} Arc;

typedef struct {
    int32_t before, last, context, pair, arcs;
    Arc arc[ALTERNATIVES + 1];
} State;

typedef struct {
    int32_t nodes[WINDOW], nodes_n, states_n;
    State states[STATES];
} Column;

typedef struct {
    int64_t rank; /* cost << 32 | order */
    int32_t before, word, start, state, code;
} Found;

typedef struct {
    char keys[WINDOW + 1];
    int32_t first, count;
} UserKeys;

/* gain: of words; the gain of a fix stands in `cost`. */
typedef struct {
    int64_t key;
    int32_t cost, gain;
} UserCost;

typedef struct {
    int32_t word, first, count;
} OwnWord;

typedef struct {
    int32_t start, end, code;
} Pin;

typedef struct {
    int32_t code, word, cost, habit, gain, order;
} Row;

/* Where a table's rows start is two views, see ui.input.starts: the blocks', then each row's. */
enum view {
    V_UNIGRAM, V_BACKOFF, V_END, V_BIGRAM_BASE, V_BIGRAM_START, V_BIGRAM, V_PAIR_BASE,
    V_PAIR_START, V_PAIR, V_TRIGRAM_BASE, V_TRIGRAM_START, V_TRIGRAM, V_NODE, V_FULL_BASE,
    V_FULL_START, V_FULL, V_PARTIAL_BASE, V_PARTIAL_START, V_PARTIAL, V_INITIAL_BASE,
    V_INITIAL_START, V_INITIAL, V_READING_BASE, V_READING_START, V_READING, V_LOG_ADD, VIEWS
};
static const struct { const char *name, *part; int size; } VIEW[VIEWS] = {
    {"unigram", NULL, 2}, {"backoff", NULL, 2}, {"end", NULL, 2},
    {"bigram_start", "base", 4}, {"bigram_start", "beyond", 2}, {"bigram", NULL, 4},
    {"pair_start", "base", 4}, {"pair_start", "beyond", 2}, {"pair", NULL, 4},
    {"trigram_start", "base", 4}, {"trigram_start", "beyond", 2}, {"trigram", NULL, 4},
    {"node", NULL, 4},
    {"full_start", "base", 4}, {"full_start", "beyond", 2}, {"full", NULL, 4},
    {"partial_start", "base", 4}, {"partial_start", "beyond", 2}, {"partial", NULL, 4},
    {"initial_start", "base", 4}, {"initial_start", "beyond", 2}, {"initial", NULL, 4},
    {"reading_start", "base", 4}, {"reading_start", "beyond", 2}, {"reading", NULL, 2},
    {"log_add", NULL, 2},
};

typedef struct {
    PyObject_HEAD
    PyObject *model, *arc_type, *state_type, *kinds[3];
    Py_buffer view[VIEWS];
    int views;
    uint32_t size[VIEWS];
    uint32_t words;
    int32_t syllables;
    uint8_t *syllable_length;
    Column *columns; /* MAX_KEYS + 1, then `nowhere` */
    Column *nowhere;
    int length;
    char keys[MAX_KEYS + 1];
    uint8_t boundary[MAX_KEYS + 1];
    int32_t lock[MAX_KEYS + 1];
    Pin pins[MAX_KEYS];
    int pins_n;
    UserKeys *user_keys;
    int32_t *user_entries;
    UserCost *user_words, *user_pairs, *user_fixes;
    OwnWord *own;
    int32_t *own_syllables;
    int32_t user_keys_n, user_words_n, user_pairs_n, user_fixes_n, own_n;
    Found *found;
    int32_t found_n, found_cap, order;
    int64_t limit; /* best cost so far + BEAM */
    Row *rows;
    int32_t rows_n, rows_cap;
} Lattice;

#define U32(self, v) ((const uint32_t *)(self)->view[v].buf)
#define U16(self, v) ((const uint16_t *)(self)->view[v].buf)
#define I16(self, v) ((const int16_t *)(self)->view[v].buf)

static uint32_t start_of(const Lattice *self, enum view starts, uint32_t index)
{
    return U32(self, starts - 1)[index >> BLOCK_BITS] + U16(self, starts)[index];
}

/* A row of a table, clamped to what the table holds. */
static void row_of(const Lattice *self, enum view starts, enum view table, uint32_t index,
                   uint32_t *low, uint32_t *high)
{
    *low = *high = 0;
    if (index + 1 >= self->size[starts])
        return;
    uint32_t first = start_of(self, starts, index), last = start_of(self, starts, index + 1);
    if (first > last || last > self->size[table])
        return;
    *low = first;
    *high = last;
}

/* The record of `word` in a sorted row, or -1. */
static int64_t seek(const uint32_t *table, uint32_t low, uint32_t high, uint32_t word)
{
    uint32_t wanted = word << COST_BITS, end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < end && table[low] >> COST_BITS == word)
        return low;
    return -1;
}

static int32_t pair_of(const Lattice *self, uint32_t before, uint32_t last)
{
    uint32_t low, high;
    row_of(self, V_PAIR_START, V_PAIR, before, &low, &high);
    return (int32_t)seek(U32(self, V_PAIR), low, high, last);
}

static int32_t bigram_cost(const Lattice *self, uint32_t last, uint32_t word)
{
    uint32_t low, high;
    row_of(self, V_BIGRAM_START, V_BIGRAM, last, &low, &high);
    int64_t at = seek(U32(self, V_BIGRAM), low, high, word);
    if (at >= 0)
        return (int32_t)(U32(self, V_BIGRAM)[at] & COST_MASK);
    return I16(self, V_BACKOFF)[last] + U16(self, V_UNIGRAM)[word];
}

static void state_set(const Lattice *self, State *state, int32_t before, int32_t last)
{
    state->before = before;
    state->last = last;
    state->context = (uint32_t)last < self->words ? last : UNK;
    uint32_t head = (uint32_t)before < self->words ? (uint32_t)before : UNK;
    state->pair = pair_of(self, head, (uint32_t)state->context);
    state->arcs = 0;
}

static const UserCost *user_cost(const UserCost *table, int32_t count, int64_t key)
{
    int32_t low = 0, high = count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (table[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && table[low].key == key ? &table[low] : NULL;
}

static int64_t fix_key(int32_t before, int32_t last, int32_t word)
{
    return (int64_t)before << 42 | (int64_t)last << 21 | word;
}

/* The syllables of an entry: from the file (16 bit) or the user's own (32 bit). */
typedef struct {
    const uint16_t *file;
    const int32_t *own;
    int32_t count;
} Syllables;

static Syllables syllables_of(const Lattice *self, int32_t entry)
{
    Syllables result = {NULL, NULL, 0};
    if ((uint32_t)entry >= self->size[V_FULL]) {
        int32_t own = entry - (int32_t)self->size[V_FULL];
        if (own < self->own_n) {
            result.own = self->own_syllables + self->own[own].first;
            result.count = self->own[own].count;
        }
        return result;
    }
    uint32_t low, high;
    row_of(self, V_READING_START, V_READING, (uint32_t)entry, &low, &high);
    result.file = U16(self, V_READING) + low;
    result.count = (int32_t)(high - low);
    return result;
}

static int obeys(const Lattice *self, int32_t entry, enum kind kind, int start, int end)
{
    Syllables syllables = syllables_of(self, entry);
    for (int32_t i = 0; i < syllables.count; i++) {
        int32_t number = syllables.file ? syllables.file[i] : syllables.own[i];
        if (start >= end)
            return 0;
        if (self->lock[start] != -1 && self->lock[start] != number)
            return 0;
        int length = kind == INITIAL ? 1 : number < self->syllables ? self->syllable_length[number] : 1;
        for (int p = start + 1; p < start + length && p < end; p++)
            if (self->boundary[p])
                return 0;
        start += length;
    }
    return 1;
}

static int add_row(Lattice *self, int32_t entry, enum kind kind, int32_t extra)
{
    if (self->rows_n == self->rows_cap) {
        int32_t cap = self->rows_cap ? 2 * self->rows_cap : 256;
        Row *rows = PyMem_Realloc(self->rows, (size_t)cap * sizeof(Row));
        if (!rows) {
            PyErr_NoMemory();
            return -1;
        }
        self->rows = rows;
        self->rows_cap = cap;
    }
    Row *row = &self->rows[self->rows_n];
    if ((uint32_t)entry >= self->size[V_FULL]) {
        int32_t own = entry - (int32_t)self->size[V_FULL];
        if (own >= self->own_n)
            return 0;
        row->word = self->own[own].word;
        row->cost = 0;
    } else {
        uint32_t record = U32(self, V_FULL)[entry];
        row->word = (int32_t)(record >> COST_BITS);
        row->cost = (int32_t)(record & COST_MASK);
    }
    if (kind == INITIAL)
        row->cost += INITIAL_COST * syllables_of(self, entry).count;
    row->cost += extra;
    row->code = entry * 4 + (int32_t)kind;
    const UserCost *habit = user_cost(self->user_words, self->user_words_n, row->word);
    row->habit = habit ? habit->cost : -1;
    row->gain = habit ? habit->gain : 0;
    self->rows_n++;
    return 0;
}

static int is_ruled(const Lattice *self, int start, int end)
{
    for (int p = start; p < end; p++)
        if (self->boundary[p] || self->lock[p] >= 0)
            return 1;
    return 0;
}

static int add_ruled(Lattice *self, int ruled, int32_t entry, enum kind kind, int start, int end,
                     int32_t extra)
{
    if (ruled && !obeys(self, entry, kind, start, end))
        return 0;
    return add_row(self, entry, kind, extra);
}

/* Rows of the words that spell the keys from start to end. */
static int words_of(Lattice *self, int start, int end, uint32_t node)
{
    uint32_t low = 0, high = 0;
    int ruled = is_ruled(self, start, end);
    self->rows_n = 0;
    if (node) {
        row_of(self, V_FULL_START, V_FULL, node, &low, &high);
        if (high > low + WORDS)
            high = low + WORDS;
        for (uint32_t e = low; e < high; e++)
            if (add_ruled(self, ruled, (int32_t)e, FULL, start, end, 0))
                return -1;
    }
    int32_t first = 0, last = self->user_keys_n, length = end - start;
    while (first < last) {
        int32_t middle = first + (last - first) / 2;
        int order = strncmp(self->user_keys[middle].keys, self->keys + start, (size_t)length);
        if (!order && self->user_keys[middle].keys[length])
            order = 1;
        if (order < 0)
            first = middle + 1;
        else
            last = middle;
    }
    if (first < self->user_keys_n && !strncmp(self->user_keys[first].keys, self->keys + start, (size_t)length)
        && !self->user_keys[first].keys[length]) {
        const UserKeys *keys = &self->user_keys[first];
        for (int32_t i = 0; i < keys->count; i++) {
            int32_t entry = self->user_entries[keys->first + i];
            if ((uint32_t)entry >= low && (uint32_t)entry < high)
                continue;
            if (add_ruled(self, ruled, entry, FULL, start, end, 0))
                return -1;
        }
    }
    if (node && node + 1 < self->size[V_INITIAL_START]) {
        row_of(self, V_INITIAL_START, V_INITIAL, node, &low, &high);
        for (uint32_t i = low; i < high; i++) {
            uint32_t entry = U32(self, V_INITIAL)[i];
            if (entry < self->size[V_FULL]
                && add_ruled(self, ruled, (int32_t)entry, INITIAL, start, end, 0))
                return -1;
        }
    }
    return 0;
}

static int add_found(Lattice *self, int64_t cost, int32_t before, int32_t word, int start,
                     int state, int32_t code)
{
    int32_t order = self->order++;
    if (cost > self->limit)
        return 0;
    if (cost + BEAM < self->limit)
        self->limit = cost + BEAM;
    if (self->found_n == self->found_cap) {
        int32_t cap = self->found_cap ? 2 * self->found_cap : 4096;
        Found *found = PyMem_Realloc(self->found, (size_t)cap * sizeof(Found));
        if (!found) {
            PyErr_NoMemory();
            return -1;
        }
        self->found = found;
        self->found_cap = cap;
    }
    Found *f = &self->found[self->found_n++];
    f->rank = cost * (INT64_C(1) << 32) + order;
    f->before = before;
    f->word = word;
    f->start = start;
    f->state = state;
    f->code = code;
    return 0;
}

/* Every state of a column that stands at `start`, extended by every row. */
static int extend(Lattice *self, const Column *column, int start)
{
    int32_t n = self->rows_n;
    if (!n || !column->states_n)
        return 0;
    int32_t *bigrams = PyMem_Malloc((size_t)n * STATES * sizeof(int32_t));
    if (!bigrams) {
        PyErr_NoMemory();
        return -1;
    }
    const uint32_t *trigram = U32(self, V_TRIGRAM);
    int failed = 0;
    for (int s = 0; s < column->states_n && !failed; s++) {
        const State *state = &column->states[s];
        int32_t *costs = bigrams + (size_t)s * (size_t)n;
        int same = 0;
        while (same < s && column->states[same].context != state->context)
            same++;
        if (same < s)
            memcpy(costs, bigrams + (size_t)same * (size_t)n, (size_t)n * sizeof(int32_t));
        else
            for (int32_t i = 0; i < n; i++) {
                uint32_t word = (uint32_t)self->rows[i].word;
                costs[i] = word < self->words ? bigram_cost(self, (uint32_t)state->context, word)
                                              : UNKNOWN_COST;
            }
        uint32_t low = 0, high = 0;
        int32_t backoff = 0;
        if (state->pair >= 0) {
            row_of(self, V_TRIGRAM_START, V_TRIGRAM, (uint32_t)state->pair, &low, &high);
            backoff = (int32_t)(U32(self, V_PAIR)[state->pair] & COST_MASK) - SIGN_OFFSET;
        }
        for (int32_t i = 0; i < n && !failed; i++) {
            const Row *row = &self->rows[i];
            int32_t cost = costs[i];
            if (state->pair >= 0 && (uint32_t)row->word < self->words) {
                int64_t at = seek(trigram, low, high, (uint32_t)row->word);
                cost = at >= 0 ? (int32_t)(trigram[at] & COST_MASK) : cost + backoff;
            }
            if (self->user_words_n) {
                int32_t habit = row->habit;
                const UserCost *pair = user_cost(self->user_pairs, self->user_pairs_n,
                                                 (int64_t)state->last << 32 | row->word);
                if (pair)
                    habit = pair->cost;
                cost = cost > row->gain ? cost - row->gain : 0;
                if (habit >= 0) {
                    int32_t less = habit < cost ? habit : cost;
                    uint32_t gap = (uint32_t)((habit < cost ? cost : habit) - less);
                    cost = less - (gap < self->size[V_LOG_ADD] ? U16(self, V_LOG_ADD)[gap] : 0);
                }
                const UserCost *fix = user_cost(self->user_fixes, self->user_fixes_n,
                                                fix_key(state->before, state->last, row->word));
                if (fix)
                    cost = cost > fix->cost ? cost - fix->cost : 0;
                else if (cost < 0)
                    cost = 0;
            }
            failed = add_found(self, (int64_t)state->arc[0].cost + cost + row->cost, state->last,
                               row->word, start, s, row->code);
        }
    }
    PyMem_Free(bigrams);
    return failed;
}

static int by_rank(const void *a, const void *b)
{
    int64_t x = ((const Found *)a)->rank, y = ((const Found *)b)->rank;
    return (x > y) - (x < y);
}

static void start_finding(Lattice *self)
{
    self->found_n = 0;
    self->order = 0;
    self->limit = INT64_MAX / 2;
}

/* Drop what fell behind the beam after it was found, and sort the rest. */
static void sort_found(Lattice *self)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < self->found_n; i++)
        if (self->found[i].rank >> 32 <= self->limit)
            self->found[kept++] = self->found[i];
    self->found_n = kept;
    qsort(self->found, (size_t)kept, sizeof(Found), by_rank);
}

static Arc arc_of(const Found *found)
{
    return (Arc){(int32_t)(found->rank >> 32), found->start, found->state, found->code};
}

static void keep(Lattice *self, Column *column)
{
    sort_found(self);
    column->states_n = 0;
    for (int32_t i = 0; i < self->found_n; i++) {
        const Found *found = &self->found[i];
        int s = 0;
        while (s < column->states_n && (column->states[s].before != found->before
                                        || column->states[s].last != found->word))
            s++;
        if (s == column->states_n) {
            if (s == STATES)
                continue;
            state_set(self, &column->states[s], found->before, found->word);
            column->states_n++;
        }
        State *state = &column->states[s];
        if (state->arcs <= ALTERNATIVES)
            state->arc[state->arcs++] = arc_of(found);
    }
}

static const Pin *pin_at(const Lattice *self, int end)
{
    for (int i = 0; i < self->pins_n; i++)
        if (self->pins[i].start < end && end <= self->pins[i].end)
            return &self->pins[i];
    return NULL;
}

static int floor_of(const Lattice *self, int end)
{
    int floor = end > WINDOW ? end - WINDOW : 0;
    for (int i = 0; i < self->pins_n; i++)
        if (self->pins[i].end <= end && self->pins[i].end > floor)
            floor = self->pins[i].end;
    return floor;
}

static void step(const Lattice *self, const Column *from, Column *to, int key)
{
    int skip = from->nodes_n == WINDOW ? 1 : 0, n = 0;
    uint32_t bit = 1u << (key - 2);
    for (int i = skip; i <= from->nodes_n; i++) {
        uint32_t node = i < from->nodes_n ? (uint32_t)from->nodes[i] : 0, next = 0;
        if ((node || i == from->nodes_n) && node < self->size[V_NODE]) {
            uint32_t value = U32(self, V_NODE)[node];
            if (value & bit)
                next = (value >> 8) + (uint32_t)__builtin_popcount(value & (bit - 1));
        }
        to->nodes[n++] = next < self->size[V_NODE] ? (int32_t)next : 0;
    }
    to->nodes_n = n;
}

/* What a single key goes on from: a sentence's begin is no history yet, the likeliest word is. */
static const Column *begin_of(const Lattice *self)
{
    const State *root = &self->columns[0].states[0];
    return root->before == BOS && root->last == BOS ? self->nowhere : self->columns;
}

/* By the words whose last syllable is not finished. */
static int extend_unfinished(Lattice *self, int end, int32_t cost)
{
    int first = end > WINDOW ? end - WINDOW : 0;
    for (int start = floor_of(self, end); start < end; start++) {
        uint32_t node = (uint32_t)self->columns[end].nodes[start - first], low, high;
        if (!node || !self->columns[start].states_n)
            continue;
        row_of(self, V_PARTIAL_START, V_PARTIAL, node, &low, &high);
        if (high > low + PARTIAL_WORDS)
            high = low + PARTIAL_WORDS;
        int ruled = is_ruled(self, start, end);
        self->rows_n = 0;
        for (uint32_t i = low; i < high; i++) {
            uint32_t entry = U32(self, V_PARTIAL)[i];
            if (entry < self->size[V_FULL]
                && add_ruled(self, ruled, (int32_t)entry, PARTIAL, start, end, cost))
                return -1;
        }
        if (extend(self, end == 1 ? begin_of(self) : &self->columns[start], start))
            return -1;
    }
    return 0;
}

static PyObject *lattice_push(Lattice *self, PyObject *argument)
{
    long key = PyLong_AsLong(argument);
    if (key == -1 && PyErr_Occurred())
        return NULL;
    if (key < 2 || key > 9 || self->length >= MAX_KEYS) {
        PyErr_SetString(PyExc_ValueError, "not a key 2..9, or too many keys");
        return NULL;
    }
    int end = self->length + 1;
    Column *column = &self->columns[end];
    self->keys[self->length] = (char)('0' + key);
    step(self, &self->columns[self->length], column, (int)key);
    start_finding(self);
    const Pin *pin = pin_at(self, end);
    int failed = 0;
    if (pin) {
        if (pin->end == end) {
            self->rows_n = 0;
            failed = add_row(self, pin->code >> 2, (enum kind)(pin->code & 3), 0)
                     || extend(self, &self->columns[pin->start], pin->start);
        }
    } else {
        int first = end > WINDOW ? end - WINDOW : 0;
        for (int start = floor_of(self, end); start < end && !failed; start++)
            if (self->columns[start].states_n)
                failed = words_of(self, start, end, (uint32_t)column->nodes[start - first])
                         || extend(self, &self->columns[start], start);
        if (!failed && self->boundary[end] == UNFINISHED)
            failed = extend_unfinished(self, end, PARTIAL_COST);
    }
    if (failed)
        return NULL;
    keep(self, column);
    self->length = end;
    Py_RETURN_NONE;
}

static PyObject *lattice_pop(Lattice *self, PyObject *args)
{
    int count = 1;
    if (!PyArg_ParseTuple(args, "|i", &count))
        return NULL;
    if (count < 0 || count > self->length) {
        PyErr_SetString(PyExc_ValueError, "nothing to take back");
        return NULL;
    }
    self->length -= count;
    Py_RETURN_NONE;
}

static void clear_rules(Lattice *self)
{
    memset(self->boundary, 0, sizeof self->boundary);
    for (int i = 0; i <= MAX_KEYS; i++)
        self->lock[i] = -1;
    self->pins_n = 0;
}

static void set_root(const Lattice *self, Column *column, int32_t before, int32_t last)
{
    column->nodes_n = 0;
    column->states_n = 1;
    state_set(self, &column->states[0], before, last);
    column->states[0].arcs = 1;
    column->states[0].arc[0] = (Arc){0, 0, 0, -4};
}

static PyObject *lattice_reset(Lattice *self, PyObject *args)
{
    int before, last;
    if (!PyArg_ParseTuple(args, "ii", &before, &last))
        return NULL;
    set_root(self, &self->columns[0], before, last);
    self->length = 0;
    clear_rules(self);
    Py_RETURN_NONE;
}

static PyObject *lattice_set_rules(Lattice *self, PyObject *args)
{
    Py_buffer boundaries;
    PyObject *locks, *pins;
    if (!PyArg_ParseTuple(args, "y*OO", &boundaries, &locks, &pins))
        return NULL;
    PyObject *lock_list = PySequence_Fast(locks, "locks must be a sequence");
    PyObject *pin_list = lock_list ? PySequence_Fast(pins, "pins must be a sequence") : NULL;
    if (pin_list) {
        clear_rules(self);
        for (Py_ssize_t i = 0; i < boundaries.len && i <= MAX_KEYS; i++)
            self->boundary[i] = ((const uint8_t *)boundaries.buf)[i];
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(lock_list) && i <= MAX_KEYS; i++)
            self->lock[i] = (int32_t)PyLong_AsLong(PySequence_Fast_GET_ITEM(lock_list, i));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(pin_list) && i < MAX_KEYS; i++) {
            int start, end, entry, kind;
            PyObject *pin = PySequence_Fast_GET_ITEM(pin_list, i);
            if (!PyArg_ParseTuple(pin, "iiii", &start, &end, &entry, &kind))
                break;
            self->pins[self->pins_n++] = (Pin){start, end, entry * 4 + (kind & 3)};
        }
    }
    Py_XDECREF(lock_list);
    Py_XDECREF(pin_list);
    PyBuffer_Release(&boundaries);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static int32_t end_cost(const Lattice *self, const State *state)
{
    if (state->pair >= 0) {
        uint32_t low, high;
        row_of(self, V_TRIGRAM_START, V_TRIGRAM, (uint32_t)state->pair, &low, &high);
        int64_t at = seek(U32(self, V_TRIGRAM), low, high, EOS);
        if (at >= 0)
            return (int32_t)(U32(self, V_TRIGRAM)[at] & COST_MASK);
    }
    return U16(self, V_END)[state->context];
}

/* Fill `found`, sorted, with the last words of whole sentences. */
static int find_finals(Lattice *self)
{
    int end = self->length;
    start_finding(self);
    if (!end)
        return 0;
    const Column *column = &self->columns[end];
    for (int s = 0; s < column->states_n; s++) {
        const State *state = &column->states[s];
        int32_t cost = end_cost(self, state);
        for (int a = 0; a < state->arcs; a++) {
            const Arc *arc = &state->arc[a];
            if (add_found(self, (int64_t)arc->cost + cost, 0, 0, arc->start, arc->state, arc->code))
                return -1;
        }
    }
    int32_t partial = PARTIAL_COST + PARTIAL_STEP * end;
    if (partial > PARTIAL_MOST)
        partial = PARTIAL_MOST;
    if (!pin_at(self, end) && extend_unfinished(self, end, partial))
        return -1;
    sort_found(self);
    if (self->found_n > 2 * STATES)
        self->found_n = 2 * STATES;
    return 0;
}

static PyObject *arc_object(const Lattice *self, Arc arc)
{
    return PyObject_CallFunction(self->arc_type, "iiiiO", arc.cost, arc.start, arc.state,
                                 arc.code >> 2, self->kinds[(arc.code & 3) % 3]);
}

static PyObject *lattice_finals(Lattice *self, PyObject *Py_UNUSED(ignored))
{
    if (find_finals(self))
        return NULL;
    PyObject *list = PyList_New(self->found_n);
    for (int32_t i = 0; list && i < self->found_n; i++) {
        PyObject *arc = arc_object(self, arc_of(&self->found[i]));
        if (!arc)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, arc);
    }
    return list;
}

static PyObject *lattice_best(Lattice *self, PyObject *Py_UNUSED(ignored))
{
    if (find_finals(self))
        return NULL;
    PyObject *list = PyList_New(0);
    if (!list || !self->found_n)
        return list;
    Arc arc = arc_of(&self->found[0]);
    for (;;) {
        PyObject *object = arc_object(self, arc);
        int failed = !object || PyList_Append(list, object);
        Py_XDECREF(object);
        if (failed) {
            Py_DECREF(list);
            return NULL;
        }
        if (!arc.start)
            break;
        arc = self->columns[arc.start].states[arc.state].arc[0];
    }
    if (PyList_Reverse(list))
        Py_CLEAR(list);
    return list;
}

static PyObject *lattice_column(Lattice *self, PyObject *argument)
{
    long position = PyLong_AsLong(argument);
    if (position == -1 && PyErr_Occurred())
        return NULL;
    if (position < 0 || position > self->length) {
        PyErr_SetString(PyExc_IndexError, "no such column");
        return NULL;
    }
    const Column *column = &self->columns[position];
    PyObject *list = PyList_New(column->states_n);
    for (int s = 0; list && s < column->states_n; s++) {
        const State *state = &column->states[s];
        PyObject *arcs = PyTuple_New(state->arcs);
        for (int a = 0; arcs && a < state->arcs; a++) {
            PyObject *arc = arc_object(self, state->arc[a]);
            if (!arc)
                Py_CLEAR(arcs);
            else
                PyTuple_SET_ITEM(arcs, a, arc);
        }
        PyObject *view = arcs ? PyObject_CallFunction(self->state_type, "iiN", state->before,
                                                      state->last, arcs)
                              : NULL;
        if (!view)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, s, view);
    }
    return list;
}

/* ------------------------------------------------------------------ the user's tables */

static int by_key(const void *a, const void *b)
{
    int64_t x = ((const UserCost *)a)->key, y = ((const UserCost *)b)->key;
    return (x > y) - (x < y);
}

static int by_keys(const void *a, const void *b)
{
    return strcmp(((const UserKeys *)a)->keys, ((const UserKeys *)b)->keys);
}

static UserCost *costs_of(PyObject *dict, int32_t *count)
{
    *count = 0;
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "costs must be a dict");
        return NULL;
    }
    UserCost *table = PyMem_Malloc(((size_t)PyDict_GET_SIZE(dict) + 1) * sizeof(UserCost));
    if (!table) {
        PyErr_NoMemory();
        return NULL;
    }
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &key, &value)) {
        UserCost *row = &table[*count];
        row->key = PyLong_AsLongLong(key);
        row->gain = 0;
        if (!PyTuple_Check(value))
            row->cost = (int32_t)PyLong_AsLong(value);
        else if (!PyArg_ParseTuple(value, "ii", &row->cost, &row->gain))
            break;
        (*count)++;
    }
    qsort(table, (size_t)*count, sizeof(UserCost), by_key);
    return table;
}

static void forget_user(Lattice *self)
{
    PyMem_Free(self->user_keys);
    PyMem_Free(self->user_entries);
    PyMem_Free(self->user_words);
    PyMem_Free(self->user_pairs);
    PyMem_Free(self->user_fixes);
    PyMem_Free(self->own);
    PyMem_Free(self->own_syllables);
    self->user_keys = NULL;
    self->user_entries = NULL;
    self->user_words = self->user_pairs = self->user_fixes = NULL;
    self->own = NULL;
    self->own_syllables = NULL;
    self->user_keys_n = self->user_words_n = self->user_pairs_n = self->user_fixes_n = 0;
    self->own_n = 0;
}

static int read_entries(Lattice *self, PyObject *dict)
{
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "entries must be a dict");
        return -1;
    }
    PyObject *key, *value;
    Py_ssize_t at = 0, total = 0;
    while (PyDict_Next(dict, &at, &key, &value)) {
        if (!PyTuple_Check(value)) {
            PyErr_SetString(PyExc_TypeError, "entries must be tuples");
            return -1;
        }
        total += PyTuple_GET_SIZE(value);
    }
    self->user_keys = PyMem_Calloc((size_t)PyDict_GET_SIZE(dict) + 1, sizeof(UserKeys));
    self->user_entries = PyMem_Malloc(((size_t)total + 1) * sizeof(int32_t));
    if (!self->user_keys || !self->user_entries) {
        PyErr_NoMemory();
        return -1;
    }
    at = 0;
    int32_t next = 0;
    while (PyDict_Next(dict, &at, &key, &value)) {
        Py_ssize_t length;
        const char *text = PyUnicode_AsUTF8AndSize(key, &length);
        if (!text)
            return -1;
        if (length > WINDOW)
            continue; /* longer than any span that is looked up */
        UserKeys *keys = &self->user_keys[self->user_keys_n++];
        memcpy(keys->keys, text, (size_t)length);
        keys->first = next;
        keys->count = (int32_t)PyTuple_GET_SIZE(value);
        for (int32_t i = 0; i < keys->count; i++) {
            long entry = PyLong_AsLong(PyTuple_GET_ITEM(value, i));
            if (entry < 0) {
                PyErr_SetString(PyExc_ValueError, "an entry is a number from 0");
                return -1;
            }
            self->user_entries[next++] = (int32_t)entry;
        }
    }
    qsort(self->user_keys, (size_t)self->user_keys_n, sizeof(UserKeys), by_keys);
    return PyErr_Occurred() ? -1 : 0;
}

static int read_own(Lattice *self, PyObject *own)
{
    if (!PyTuple_Check(own)) {
        PyErr_SetString(PyExc_TypeError, "own must be a tuple");
        return -1;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(own), total = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass) {
            self->own = PyMem_Calloc((size_t)n + 1, sizeof(OwnWord));
            self->own_syllables = PyMem_Malloc(((size_t)total + 1) * sizeof(int32_t));
            if (!self->own || !self->own_syllables) {
                PyErr_NoMemory();
                return -1;
            }
        }
        int32_t next = 0;
        for (Py_ssize_t i = 0; i < n; i++) {
            int word;
            PyObject *syllables;
            if (!PyArg_ParseTuple(PyTuple_GET_ITEM(own, i), "iO!", &word, &PyTuple_Type, &syllables))
                return -1;
            Py_ssize_t count = PyTuple_GET_SIZE(syllables);
            total += pass ? 0 : count;
            if (!pass)
                continue;
            self->own[i] = (OwnWord){word, next, (int32_t)count};
            for (Py_ssize_t k = 0; k < count; k++) {
                long number = PyLong_AsLong(PyTuple_GET_ITEM(syllables, k));
                if (number < 0 || number >= self->syllables) {
                    PyErr_SetString(PyExc_ValueError, "no such syllable");
                    return -1;
                }
                self->own_syllables[next++] = (int32_t)number;
            }
        }
    }
    self->own_n = (int32_t)n;
    return 0;
}

static PyObject *lattice_set_user(Lattice *self, PyObject *tables)
{
    PyObject *entries = PyObject_GetAttrString(tables, "entries");
    PyObject *own = entries ? PyObject_GetAttrString(tables, "own") : NULL;
    PyObject *words = own ? PyObject_GetAttrString(tables, "words") : NULL;
    PyObject *pairs = words ? PyObject_GetAttrString(tables, "pairs") : NULL;
    PyObject *fixes = pairs ? PyObject_GetAttrString(tables, "fixes") : NULL;
    forget_user(self);
    int failed = !fixes || read_entries(self, entries) || read_own(self, own);
    if (!failed) {
        self->user_words = costs_of(words, &self->user_words_n);
        self->user_pairs = self->user_words ? costs_of(pairs, &self->user_pairs_n) : NULL;
        self->user_fixes = self->user_pairs ? costs_of(fixes, &self->user_fixes_n) : NULL;
        failed = !self->user_fixes || PyErr_Occurred();
    }
    Py_XDECREF(entries);
    Py_XDECREF(own);
    Py_XDECREF(words);
    Py_XDECREF(pairs);
    Py_XDECREF(fixes);
    if (failed) {
        forget_user(self);
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ------------------------------------------------------------------ the type */

static Py_ssize_t lattice_length(Lattice *self)
{
    return self->length;
}

static int take_views(Lattice *self, PyObject *model)
{
    for (int v = 0; v < VIEWS; v++) {
        PyObject *object = PyObject_GetAttrString(model, VIEW[v].name);
        if (object && VIEW[v].part) {
            PyObject *part = PyObject_GetAttrString(object, VIEW[v].part);
            Py_DECREF(object);
            object = part;
        }
        if (!object)
            return -1;
        int failed = PyObject_GetBuffer(object, &self->view[v], PyBUF_SIMPLE);
        Py_DECREF(object);
        if (failed)
            return -1;
        self->views = v + 1;
        self->size[v] = (uint32_t)(self->view[v].len / VIEW[v].size);
        if ((uintptr_t)self->view[v].buf % (uintptr_t)VIEW[v].size) {
            PyErr_Format(PyExc_ValueError, "%s is not aligned", VIEW[v].name);
            return -1;
        }
    }
    for (int v = 1; v < VIEWS; v++)
        if (VIEW[v].part && VIEW[v].size == 2
            && self->size[v - 1] < (self->size[v] + (1u << BLOCK_BITS) - 1) >> BLOCK_BITS) {
            PyErr_Format(PyExc_ValueError, "%s is too short", VIEW[v].name);
            return -1;
        }
    self->words = self->size[V_UNIGRAM];
    if (self->words <= UNK || self->size[V_BACKOFF] < self->words
        || self->size[V_END] < self->words || !self->size[V_NODE]) {
        PyErr_SetString(PyExc_ValueError, "the model's tables are too short");
        return -1;
    }
    PyObject *names = PyObject_GetAttrString(model, "syllables");
    PyObject *list = names ? PySequence_Fast(names, "syllables must be a sequence") : NULL;
    Py_XDECREF(names);
    if (!list)
        return -1;
    self->syllables = (int32_t)PySequence_Fast_GET_SIZE(list);
    self->syllable_length = PyMem_Malloc((size_t)self->syllables + 1);
    for (int32_t i = 0; self->syllable_length && i < self->syllables; i++) {
        Py_ssize_t length = PyObject_Length(PySequence_Fast_GET_ITEM(list, i));
        self->syllable_length[i] = (uint8_t)(length > 0 && length < 9 ? length : 1);
    }
    Py_DECREF(list);
    if (!self->syllable_length)
        PyErr_NoMemory();
    return PyErr_Occurred() ? -1 : 0;
}

static int take_types(Lattice *self)
{
    PyObject *module = PyImport_ImportModule("ui.input.lattice");
    if (!module)
        return -1;
    self->arc_type = PyObject_GetAttrString(module, "Arc");
    self->state_type = PyObject_GetAttrString(module, "StateView");
    PyObject *kind = PyObject_GetAttrString(module, "Kind");
    Py_DECREF(module);
    for (int i = 0; kind && i < 3; i++)
        self->kinds[i] = PyObject_CallFunction(kind, "i", i);
    Py_XDECREF(kind);
    return PyErr_Occurred() ? -1 : 0;
}

static int lattice_init(Lattice *self, PyObject *args, PyObject *kwargs)
{
    PyObject *model;
    static char *names[] = {"model", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O", names, &model))
        return -1;
    if (self->model) {
        PyErr_SetString(PyExc_RuntimeError, "already initialised");
        return -1;
    }
    Py_INCREF(model);
    self->model = model;
    self->columns = PyMem_Calloc(MAX_KEYS + 2, sizeof(Column));
    if (!self->columns) {
        PyErr_NoMemory();
        return -1;
    }
    if (take_views(self, model) || take_types(self))
        return -1;
    self->nowhere = &self->columns[MAX_KEYS + 1];
    set_root(self, self->nowhere, UNK, UNK);
    self->nowhere->states[0].before = self->nowhere->states[0].last = BOS;
    PyObject *start = Py_BuildValue("(ii)", BOS, BOS);
    PyObject *done = start ? lattice_reset(self, start) : NULL;
    Py_XDECREF(start);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

static void lattice_dealloc(Lattice *self)
{
    PyTypeObject *type = Py_TYPE(self);
    for (int v = 0; v < self->views; v++)
        PyBuffer_Release(&self->view[v]);
    forget_user(self);
    PyMem_Free(self->columns);
    PyMem_Free(self->syllable_length);
    PyMem_Free(self->found);
    PyMem_Free(self->rows);
    Py_XDECREF(self->model);
    Py_XDECREF(self->arc_type);
    Py_XDECREF(self->state_type);
    for (int i = 0; i < 3; i++)
        Py_XDECREF(self->kinds[i]);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

#define METHOD(name, flags, text) {#name, (PyCFunction)lattice_##name, flags, text}
static PyMethodDef lattice_methods[] = {
    METHOD(reset, METH_VARARGS, "Start again after two committed words."),
    METHOD(set_user, METH_O, "Use the user's tables."),
    METHOD(set_rules, METH_VARARGS, "Rules for the columns pushed from now on."),
    METHOD(push, METH_O, "One more key, 2..9."),
    METHOD(pop, METH_VARARGS, "Take keys back."),
    METHOD(column, METH_O, "The states after some keys."),
    METHOD(finals, METH_NOARGS, "The last words of the best sentences."),
    METHOD(best, METH_NOARGS, "The words of the best sentence."),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot lattice_slots[] = {
    {Py_tp_doc, "The word lattice; see ui.input.lattice.Lattice."},
    {Py_tp_init, lattice_init},
    {Py_tp_dealloc, lattice_dealloc},
    {Py_tp_methods, lattice_methods},
    {Py_sq_length, lattice_length},
    {0, NULL},
};
static PyType_Spec lattice_spec = {
    .name = "ui.input._core.Lattice",
    .basicsize = sizeof(Lattice),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = lattice_slots,
};

static int core_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &lattice_spec, NULL);
    if (!type)
        return -1;
    int failed = PyModule_AddObjectRef(module, "Lattice", type)
                 || PyModule_AddIntConstant(module, "FORMAT", FORMAT)
                 || PyModule_AddIntConstant(module, "INTERFACE", INTERFACE);
    Py_DECREF(type);
    return failed;
}

static PyModuleDef_Slot core_slots[] = {{Py_mod_exec, core_exec}, {0, NULL}};
static PyModuleDef core = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_core",
    .m_doc = "The word lattice in C.",
    .m_slots = core_slots,
};

PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&core);
}
