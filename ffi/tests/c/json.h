/* A reader of JSON for tests: it walks over text that is known to be valid and keeps nothing.
 *
 * A value is a pointer to its first character; NULL stands for a value that is not there. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The next character that is not blank. */
static inline const char *json_blank(const char *at) {
    return at + strspn(at, " \t\r\n");
}

/* The character after a string. */
static inline const char *json_string_end(const char *string) {
    for (string++; *string != '"'; string++)
        if (*string == '\\') string++;
    return string + 1;
}

/* The character after a value. */
static inline const char *json_end(const char *value) {
    int depth = 0;
    do {
        value = json_blank(value);
        if (*value == '"') {
            value = json_string_end(value);
        } else if (*value == '{' || *value == '[') {
            depth++, value++;
        } else if (*value == '}' || *value == ']') {
            depth--, value++;
        } else if (*value == ',' || *value == ':') {
            value++;
        } else {
            value += strcspn(value, ",:]} \t\r\n");
        }
    } while (depth > 0);
    return value;
}

/* The first element of an array or the first name of an object. */
static inline const char *json_first(const char *holder) {
    const char *at = holder == NULL ? NULL : json_blank(holder + 1);
    return at == NULL || *at == ']' || *at == '}' ? NULL : at;
}

/* The element after this one. */
static inline const char *json_next(const char *element) {
    const char *at = json_blank(json_end(element));
    return *at == ',' ? json_blank(at + 1) : NULL;
}

/* The value of a member. */
static inline const char *json_member(const char *object, const char *name) {
    const char *at = json_first(object);
    while (at != NULL) {
        const char *value = json_blank(json_blank(json_end(at)) + 1);
        size_t length = strlen(name);
        if (strncmp(at + 1, name, length) == 0 && at[length + 1] == '"') return value;
        at = json_next(value);
    }
    return NULL;
}

/* How many elements an array has. */
static inline size_t json_count(const char *array) {
    size_t count = 0;
    for (const char *at = json_first(array); at != NULL; at = json_next(at)) count++;
    return count;
}

/* Whether two values are written the same. */
static inline bool json_same(const char *one, const char *other) {
    if (one == NULL || other == NULL) return one == other;
    size_t length = (size_t)(json_end(one) - one);
    return length == (size_t)(json_end(other) - other) && strncmp(one, other, length) == 0;
}

/* Whether two values are the same but for blanks between their parts. */
static inline bool json_equal(const char *one, const char *other) {
    if (one == NULL || other == NULL) return one == other;
    const char *ends[2] = {json_end(one), json_end(other)};
    bool quoted = false;
    while (one < ends[0] && other < ends[1]) {
        if (!quoted) one = json_blank(one), other = json_blank(other);
        if (*one != *other) return false;
        if (quoted && *one == '\\') {
            one++, other++;
            if (*one != *other) return false;
        } else if (*one == '"') {
            quoted = !quoted;
        }
        one++, other++;
    }
    return one == ends[0] && other == ends[1];
}

static inline bool json_is_null(const char *value) {
    return value == NULL || strncmp(value, "null", 4) == 0;
}

static inline long long json_number(const char *value) {
    return value == NULL ? -1 : strtoll(value, NULL, 10);
}

/* The arguments of "%.*s" for a value. */
#define JSON_SHOW(value) ((int)(json_end(value) - (value))), (value)

/* Copies the text of a member, with the escapes that the library writes for notes. */
static inline void json_text(const char *object, const char *name, char *buffer, size_t size) {
    const char *at = json_member(object, name);
    size_t length = 0;
    for (at = at == NULL || *at != '"' ? "\"" : at + 1; *at != '"' && length + 1 < size; at++) {
        if (*at == '\\') at++;
        buffer[length++] = at[-1] == '\\' && *at == 'n' ? '\n' : *at;
    }
    buffer[length] = 0;
}

#endif
