/* app_key.c - the gateway's own key: opened, or made and told. */
#include "app.h"

void app_open_key(struct app *app)
{
    static const struct gw_subject about = {"EVIDENCE", "key"};
    char fingerprint[EVIDENCE_FINGERPRINT_MAX];
    struct gw_error err = {0};
    if (app->has_key)
        return;
    int r = evidence_key_open(app->state_folder, &app->key, &err);
    if (r < 0) {
        gw_log(GW_LOG_ERROR, about, "%s; no evidence is signed", err.text);
        return;
    }
    app->has_key = true;
    evidence_fingerprint(app->key.public_key, fingerprint);
    if (r == EVIDENCE_KEY_REPLACED)
        gw_log(GW_LOG_ERROR, about,
               "%s: it is kept as '%s/" EVIDENCE_KEY_FILE
               ".broken', and a new one is made; its fingerprint is %s",
               err.text, app->state_folder, fingerprint);
    else if (r == EVIDENCE_KEY_MADE)
        gw_log(GW_LOG_NOTICE, about,
               "'%s/" EVIDENCE_KEY_FILE "' is made; its fingerprint is %s",
               app->state_folder, fingerprint);
}

const struct evidence_key *app_key(const struct app *app)
{
    return app->has_key ? &app->key : NULL;
}
