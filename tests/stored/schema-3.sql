PRAGMA page_size = 1024;
PRAGMA user_version = 3;
PRAGMA application_id = 0;
PRAGMA journal_mode = wal;
BEGIN TRANSACTION;
CREATE TABLE acknowledged (
    first INTEGER PRIMARY KEY,
    last  INTEGER NOT NULL
) STRICT;
INSERT INTO "acknowledged" VALUES(281474976710657,281474976710694);
CREATE TABLE buses (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "buses" VALUES(1,'school-broker');
CREATE TABLE "deliveries" (
    number INTEGER PRIMARY KEY,
    own    INTEGER NOT NULL,
    forget INTEGER NOT NULL,
    items  BLOB NOT NULL
) STRICT;
INSERT INTO "deliveries" VALUES(281474976710685,5,28,X'00000B5F89FA3C8F0ABD0000BE6089FA3C900ABD0000716289FA3C910ABD0000246489FA3C920ABD0000D76589FA3C930ABD');
INSERT INTO "deliveries" VALUES(281474976710710,5,53,X'36000B179C858A38C58A');
CREATE TABLE epochs (
    number   INTEGER PRIMARY KEY,
    epoch    INTEGER NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "epochs" VALUES(1,3072753936584115758,0);
CREATE TABLE fact_values (
    fact  INTEGER NOT NULL REFERENCES facts (number),
    name  TEXT NOT NULL,
    value REAL,
    text  TEXT,
    PRIMARY KEY (fact, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "fact_values" VALUES(1,'missing.unknown',0.9792,NULL);
INSERT INTO "fact_values" VALUES(1,'p1',0.0,NULL);
INSERT INTO "fact_values" VALUES(1,'p1_answer_s',NULL,NULL);
INSERT INTO "fact_values" VALUES(1,'p2',0.0,NULL);
INSERT INTO "fact_values" VALUES(1,'p2_answer_s',NULL,NULL);
INSERT INTO "fact_values" VALUES(1,'p3',0.0,NULL);
INSERT INTO "fact_values" VALUES(1,'p3_answer_s',NULL,NULL);
INSERT INTO "fact_values" VALUES(1,'p4',0.0,NULL);
INSERT INTO "fact_values" VALUES(1,'revision',1.0,NULL);
INSERT INTO "fact_values" VALUES(2,'devices',0.0,NULL);
INSERT INTO "fact_values" VALUES(2,'online',0.0208,NULL);
INSERT INTO "fact_values" VALUES(2,'revision',1.0,NULL);
CREATE TABLE facts (
    number       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    rule         TEXT,
    object       TEXT NOT NULL,
    start_us     INTEGER NOT NULL,
    end_us       INTEGER NOT NULL,
    time_us      INTEGER NOT NULL,
    completeness REAL
) STRICT;
INSERT INTO "facts" VALUES(1,'daily.alarms',NULL,'school',1795276800000000,1795363200000000,1795388400000000,0.0208);
INSERT INTO "facts" VALUES(2,'daily.gateway',NULL,'school',1795276800000000,1795363200000000,1795388400000000,1.0);
CREATE TABLE outbox (
    key      INTEGER PRIMARY KEY,
    priority INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    made_s   INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;
INSERT INTO "outbox" VALUES(281474976710657,1,1,1795346100,'{"specversion":"1.0","id":"gw-test/3072753936584115758/1","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-22T19:15:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":1,"timequality":"good","data":{"object":"gateway","start":"2026-11-22T19:00:00+08:00","period_s":900,"items":[{"metric":"disk_free","unit":"%","min":28.993698865,"mean":28.993698865,"max":28.993698865,"last":28.993698865,"valid":0.266666666667,"count":1},{"metric":"clock_error","unit":"s","min":0,"mean":0,"max":0,"last":0,"valid":0.266666666667,"count":1},{"metric":"output_faults","unit":"","min":0,"mean":0,"max":0,"last":0,"valid":0.266666666667,"count":1}]}}');
INSERT INTO "outbox" VALUES(281474976710658,1,1,1795347018,'{"specversion":"1.0","id":"gw-test/3072753936584115758/2","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-22T19:30:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":2,"timequality":"good","data":{"object":"gateway","start":"2026-11-22T19:15:00+08:00","period_s":900,"items":[{"metric":"disk_free","unit":"%","min":28.993698865,"mean":28.993698865,"max":28.993698865,"last":28.993698865,"valid":1,"count":0},{"metric":"clock_error","unit":"s","min":0,"mean":0,"max":0,"last":0,"valid":1,"count":0},{"metric":"output_faults","unit":"","min":0,"mean":0,"max":0,"last":0,"valid":1,"count":0}]}}');
INSERT INTO "outbox" VALUES(281474976710659,1,1,1795388446,'{"specversion":"1.0","id":"gw-test/3072753936584115758/3","source":"campus/530502/2153012345/gw-test","type":"campus.daily.v1","time":"2026-11-23T07:00:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":3,"timequality":"good","data":{"key":"daily/alarms/school/2026-11-22","fact":"alarms","object":"school","start":"2026-11-22T00:00:00+08:00","end":"2026-11-23T00:00:00+08:00","revision":1,"values":{"p1":0,"p2":0,"p3":0,"p4":0,"p1_answer_s":null,"p2_answer_s":null,"p3_answer_s":null},"completeness":0.0208,"missing":{"unknown":0.9792}}}');
INSERT INTO "outbox" VALUES(281474976710660,1,1,1795388446,'{"specversion":"1.0","id":"gw-test/3072753936584115758/4","source":"campus/530502/2153012345/gw-test","type":"campus.daily.v1","time":"2026-11-23T07:00:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":4,"timequality":"good","data":{"key":"daily/gateway/school/2026-11-22","fact":"gateway","object":"school","start":"2026-11-22T00:00:00+08:00","end":"2026-11-23T00:00:00+08:00","revision":1,"values":{"online":0.0208,"devices":0},"completeness":1,"missing":{}}}');
INSERT INTO "outbox" VALUES(281474976710661,1,1,1795389360,'{"specversion":"1.0","id":"gw-test/3072753936584115758/5","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-23T07:15:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":5,"timequality":"good","data":{"object":"gateway","start":"2026-11-23T07:00:00+08:00","period_s":900,"items":[{"metric":"disk_free","unit":"%","min":28.9975881648,"mean":28.9975881648,"max":28.9975881648,"last":28.9975881648,"valid":0.333333333333,"count":1},{"metric":"clock_error","unit":"s","min":0,"mean":0,"max":0,"last":0,"valid":0.333333333333,"count":1},{"metric":"output_faults","unit":"","min":0,"mean":0,"max":0,"last":0,"valid":0.333333333333,"count":1}]}}');
INSERT INTO "outbox" VALUES(281474976710662,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/6","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":6,"timequality":"good","data":{"point":"p1/serial","value":1,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710663,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/7","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":7,"timequality":"good","data":{"point":"p1/serial","value":2,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710664,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/8","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":8,"timequality":"good","data":{"point":"p1/serial","value":3,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710665,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/9","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":9,"timequality":"good","data":{"point":"p1/serial","value":4,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710666,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/10","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":10,"timequality":"good","data":{"point":"p1/serial","value":5,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710667,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/11","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":11,"timequality":"good","data":{"point":"p1/serial","value":6,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710668,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/12","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":12,"timequality":"good","data":{"point":"p1/serial","value":7,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710669,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/13","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":13,"timequality":"good","data":{"point":"p1/serial","value":8,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710670,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/14","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":14,"timequality":"good","data":{"point":"p1/serial","value":9,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710671,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/15","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":15,"timequality":"good","data":{"point":"p1/serial","value":10,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710672,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/16","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":16,"timequality":"good","data":{"point":"p1/serial","value":11,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710673,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/17","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.671740+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":17,"timequality":"good","data":{"point":"p1/serial","value":12,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710674,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/18","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":18,"timequality":"good","data":{"point":"p1/serial","value":13,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710675,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/19","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":19,"timequality":"good","data":{"point":"p1/serial","value":14,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710676,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/20","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":20,"timequality":"good","data":{"point":"p1/serial","value":15,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710677,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/21","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":21,"timequality":"good","data":{"point":"p1/serial","value":16,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710678,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/22","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":22,"timequality":"good","data":{"point":"p1/serial","value":17,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710679,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/23","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":23,"timequality":"good","data":{"point":"p1/serial","value":18,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710680,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/24","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":24,"timequality":"good","data":{"point":"p1/serial","value":19,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710681,1,2,1795394884,'{"specversion":"1.0","id":"gw-test/3072753936584115758/25","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:47:58.677260+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":25,"timequality":"good","data":{"point":"p1/serial","value":20,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710682,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/3072753936584115758/26","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.717120+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":26,"timequality":"good","data":{"point":"own/serial","value":1001,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710683,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/3072753936584115758/27","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.728700+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":27,"timequality":"good","data":{"point":"own/serial","value":1002,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710684,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/3072753936584115758/28","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.728700+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":28,"timequality":"good","data":{"point":"own/serial","value":1003,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710685,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/3072753936584115758/29","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.729120+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":29,"timequality":"good","data":{"point":"own/serial","value":1004,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710686,1,2,1795394909,'{"specversion":"1.0","id":"gw-test/3072753936584115758/30","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T08:48:23.729420+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":30,"timequality":"good","data":{"point":"own/serial","value":1005,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710687,0,0,1795394916,'{"specversion":"1.0","id":"gw-test/3072753936584115758/31","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:48:36.278420+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":31,"timequality":"good","data":{"uid":1,"step":1,"rule":"OWN-1","object":"p1","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710688,0,0,1795394928,'{"specversion":"1.0","id":"gw-test/3072753936584115758/32","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:48:48.489320+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":32,"timequality":"good","data":{"uid":2,"step":1,"rule":"OWN-1","object":"p2","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710689,0,0,1795394941,'{"specversion":"1.0","id":"gw-test/3072753936584115758/33","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:00.968840+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":33,"timequality":"good","data":{"uid":3,"step":1,"rule":"OWN-1","object":"p3","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710690,0,0,1795394947,'{"specversion":"1.0","id":"gw-test/3072753936584115758/34","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:07.187060+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":34,"timequality":"good","data":{"uid":4,"step":1,"rule":"OWN-1","object":"p4","severity":"P2","from":"normal","to":"unacknowledged","cause":"rule","value":1,"role":"gateway","test":false}}');
INSERT INTO "outbox" VALUES(281474976710691,0,0,1795394953,'{"specversion":"1.0","id":"gw-test/3072753936584115758/35","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:13.298900+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":35,"timequality":"good","data":{"uid":1,"step":2,"rule":"OWN-1","object":"p1","severity":"P2","from":"unacknowledged","to":"acknowledged","cause":"acknowledge","value":1,"role":"operator","test":false}}');
INSERT INTO "outbox" VALUES(281474976710692,0,0,1795394953,'{"specversion":"1.0","id":"gw-test/3072753936584115758/36","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T08:49:13.484960+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":36,"timequality":"good","data":{"uid":4,"step":2,"rule":"OWN-1","object":"p4","severity":"P2","from":"unacknowledged","to":"shelved","cause":"shelve","value":1,"role":"operator","test":false}}');
INSERT INTO "outbox" VALUES(281474976710693,1,1,1795395606,'{"specversion":"1.0","id":"gw-test/3072753936584115758/37","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-23T09:00:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":37,"timequality":"good","data":{"object":"p1","start":"2026-11-23T08:45:00+08:00","period_s":900,"items":[{"metric":"co2","unit":"ppm","min":600,"mean":628.75,"max":630,"last":630,"valid":0.8,"count":4},{"metric":"co2_comp","unit":"ppm","min":600,"mean":628.75,"max":630,"last":630,"valid":0.8,"count":15}]}}');
INSERT INTO "outbox" VALUES(281474976710694,1,1,1795395606,'{"specversion":"1.0","id":"gw-test/3072753936584115758/38","source":"campus/530502/2153012345/gw-test","type":"campus.environment.v1","time":"2026-11-23T09:00:00+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":38,"timequality":"good","data":{"object":"gateway","start":"2026-11-23T08:45:00+08:00","period_s":900,"items":[{"metric":"disk_free","unit":"%","min":28.9902864549,"mean":28.9902864549,"max":28.9902864549,"last":28.9902864549,"valid":1,"count":1},{"metric":"clock_error","unit":"s","min":0,"mean":0,"max":0,"last":0,"valid":1,"count":1},{"metric":"output_faults","unit":"","min":0,"mean":0,"max":0,"last":0,"valid":1,"count":1}]}}');
INSERT INTO "outbox" VALUES(281474976710695,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/39","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.155160+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":39,"timequality":"good","data":{"point":"p1/serial","value":21,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710696,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/40","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":40,"timequality":"good","data":{"point":"p1/serial","value":22,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710697,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/41","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":41,"timequality":"good","data":{"point":"p1/serial","value":23,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710698,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/42","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":42,"timequality":"good","data":{"point":"p1/serial","value":24,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710699,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/43","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":43,"timequality":"good","data":{"point":"p1/serial","value":25,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710700,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/44","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":44,"timequality":"good","data":{"point":"p1/serial","value":26,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710701,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/45","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":45,"timequality":"good","data":{"point":"p1/serial","value":27,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710702,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/46","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":46,"timequality":"good","data":{"point":"p1/serial","value":28,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710703,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/47","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":47,"timequality":"good","data":{"point":"p1/serial","value":29,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710704,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/48","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":48,"timequality":"good","data":{"point":"p1/serial","value":30,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710705,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/49","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":49,"timequality":"good","data":{"point":"p1/serial","value":31,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710706,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/50","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":50,"timequality":"good","data":{"point":"p1/serial","value":32,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710707,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/51","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":51,"timequality":"good","data":{"point":"p1/serial","value":33,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710708,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/52","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":52,"timequality":"good","data":{"point":"p1/serial","value":34,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710709,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/53","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":53,"timequality":"good","data":{"point":"p1/serial","value":35,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710710,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/54","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":54,"timequality":"good","data":{"point":"p1/serial","value":36,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710711,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/55","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":55,"timequality":"good","data":{"point":"p1/serial","value":37,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710712,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/56","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":56,"timequality":"good","data":{"point":"p1/serial","value":38,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710713,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/57","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":57,"timequality":"good","data":{"point":"p1/serial","value":39,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710714,1,2,1795395625,'{"specversion":"1.0","id":"gw-test/3072753936584115758/58","source":"campus/530502/2153012345/gw-test","type":"campus.telemetry.v1","time":"2026-11-23T09:00:20.167640+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":58,"timequality":"good","data":{"point":"p1/serial","value":40,"unit":"","quality":"good"}}');
INSERT INTO "outbox" VALUES(281474976710715,0,0,1795395632,'{"specversion":"1.0","id":"gw-test/3072753936584115758/59","source":"campus/530502/2153012345/gw-test","type":"campus.alarm.v1","time":"2026-11-23T09:00:32.406080+08:00","datacontenttype":"application/json","gateway":"gw-test","epoch":"3072753936584115758","seq":59,"timequality":"good","data":{"uid":3,"step":2,"rule":"OWN-1","object":"p3","severity":"P2","from":"unacknowledged","to":"returned","cause":"rule","value":0,"role":"gateway","test":false}}');
CREATE TABLE points (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "points" VALUES(1,'p1/serial');
INSERT INTO "points" VALUES(2,'p2/serial');
INSERT INTO "points" VALUES(3,'p3/serial');
INSERT INTO "points" VALUES(4,'p4/serial');
INSERT INTO "points" VALUES(5,'p1/flag');
INSERT INTO "points" VALUES(6,'p2/flag');
INSERT INTO "points" VALUES(7,'p3/flag');
INSERT INTO "points" VALUES(8,'p4/flag');
INSERT INTO "points" VALUES(9,'p1/co2');
INSERT INTO "points" VALUES(10,'p2/co2');
INSERT INTO "points" VALUES(11,'p3/co2');
INSERT INTO "points" VALUES(12,'p4/co2');
INSERT INTO "points" VALUES(13,'own/serial');
INSERT INTO "points" VALUES(14,'p1/co2_comp');
INSERT INTO "points" VALUES(15,'p1/co2_day');
INSERT INTO "points" VALUES(16,'p2/co2_comp');
INSERT INTO "points" VALUES(17,'p2/co2_day');
INSERT INTO "points" VALUES(18,'p3/co2_comp');
INSERT INTO "points" VALUES(19,'p3/co2_day');
INSERT INTO "points" VALUES(20,'p4/co2_comp');
INSERT INTO "points" VALUES(21,'p4/co2_day');
INSERT INTO "points" VALUES(22,'gateway/store_state');
INSERT INTO "points" VALUES(23,'gateway/store_writes');
INSERT INTO "points" VALUES(24,'gateway/disk_free');
INSERT INTO "points" VALUES(25,'gateway/clock_error');
INSERT INTO "points" VALUES(26,'gateway/county_link');
INSERT INTO "points" VALUES(27,'gateway/output_faults');
INSERT INTO "points" VALUES(28,'school-broker/bus_state');
CREATE TABLE progress (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    commits   INTEGER NOT NULL,
    alarm_uid INTEGER NOT NULL,
    seq       INTEGER NOT NULL
) STRICT;
INSERT INTO "progress" VALUES(1,71,4,59);
CREATE TABLE readings (
    key     INTEGER PRIMARY KEY,
    point   INTEGER NOT NULL,
    value   REAL,
    quality INTEGER NOT NULL
) STRICT;
INSERT INTO "readings" VALUES(7353733963354112,28,0.0,0);
INSERT INTO "readings" VALUES(7353736643739648,22,0.0,0);
INSERT INTO "readings" VALUES(7353736643739649,23,0.0,0);
INSERT INTO "readings" VALUES(7353736643739650,24,2.89936988650375262457e+01,0);
INSERT INTO "readings" VALUES(7353736643739651,25,0.0,0);
INSERT INTO "readings" VALUES(7353736643739652,26,0.0,0);
INSERT INTO "readings" VALUES(7353736643739653,27,0.0,0);
INSERT INTO "readings" VALUES(7353910828531712,28,0.0,0);
INSERT INTO "readings" VALUES(7353913345175552,22,0.0,0);
INSERT INTO "readings" VALUES(7353913345175553,23,0.0,0);
INSERT INTO "readings" VALUES(7353913345175554,24,2.89975881648168680726e+01,0);
INSERT INTO "readings" VALUES(7353913345175555,25,0.0,0);
INSERT INTO "readings" VALUES(7353913345175556,26,0.0,0);
INSERT INTO "readings" VALUES(7353913345175557,27,0.0,0);
INSERT INTO "readings" VALUES(7353936655413248,28,0.0,0);
INSERT INTO "readings" VALUES(7353936911552512,22,0.0,0);
INSERT INTO "readings" VALUES(7353936911552513,23,0.0,0);
INSERT INTO "readings" VALUES(7353936911552514,24,2.89902864548769088068e+01,0);
INSERT INTO "readings" VALUES(7353936911552515,25,0.0,0);
INSERT INTO "readings" VALUES(7353936911552516,26,0.0,0);
INSERT INTO "readings" VALUES(7353936911552517,27,0.0,0);
INSERT INTO "readings" VALUES(7353937423036416,1,1.0,0);
INSERT INTO "readings" VALUES(7353937423036417,1,2.0,0);
INSERT INTO "readings" VALUES(7353937423036418,1,3.0,0);
INSERT INTO "readings" VALUES(7353937423036419,1,4.0,0);
INSERT INTO "readings" VALUES(7353937423036420,1,5.0,0);
INSERT INTO "readings" VALUES(7353937423036421,1,6.0,0);
INSERT INTO "readings" VALUES(7353937423036422,1,7.0,0);
INSERT INTO "readings" VALUES(7353937423036423,1,8.0,0);
INSERT INTO "readings" VALUES(7353937423036424,1,9.0,0);
INSERT INTO "readings" VALUES(7353937423036425,1,10.0,0);
INSERT INTO "readings" VALUES(7353937423036426,1,11.0,0);
INSERT INTO "readings" VALUES(7353937423036427,1,12.0,0);
INSERT INTO "readings" VALUES(7353937423060992,1,13.0,0);
INSERT INTO "readings" VALUES(7353937423060993,1,14.0,0);
INSERT INTO "readings" VALUES(7353937423060994,1,15.0,0);
INSERT INTO "readings" VALUES(7353937423060995,1,16.0,0);
INSERT INTO "readings" VALUES(7353937423060996,1,17.0,0);
INSERT INTO "readings" VALUES(7353937423060997,1,18.0,0);
INSERT INTO "readings" VALUES(7353937423060998,1,19.0,0);
INSERT INTO "readings" VALUES(7353937423060999,1,20.0,0);
INSERT INTO "readings" VALUES(7353937473093632,9,600.0,0);
INSERT INTO "readings" VALUES(7353937473093633,14,600.0,0);
INSERT INTO "readings" VALUES(7353937473093634,9,620.0,0);
INSERT INTO "readings" VALUES(7353937473093635,14,620.0,0);
INSERT INTO "readings" VALUES(7353937525624832,13,1001.0,0);
INSERT INTO "readings" VALUES(7353937525669888,13,1002.0,0);
INSERT INTO "readings" VALUES(7353937525669889,13,1003.0,0);
INSERT INTO "readings" VALUES(7353937525673984,13,1004.0,0);
INSERT INTO "readings" VALUES(7353937525673985,13,1005.0,0);
INSERT INTO "readings" VALUES(7353937577074688,5,1.0,0);
INSERT INTO "readings" VALUES(7353937627090944,6,1.0,0);
INSERT INTO "readings" VALUES(7353937678204928,7,1.0,0);
INSERT INTO "readings" VALUES(7353937703677952,8,1.0,0);
INSERT INTO "readings" VALUES(7353940131840000,14,630.0,0);
INSERT INTO "readings" VALUES(7353940460154880,1,21.0,0);
INSERT INTO "readings" VALUES(7353940460204032,1,22.0,0);
INSERT INTO "readings" VALUES(7353940460204033,1,23.0,0);
INSERT INTO "readings" VALUES(7353940460204034,1,24.0,0);
INSERT INTO "readings" VALUES(7353940460204035,1,25.0,0);
INSERT INTO "readings" VALUES(7353940460204036,1,26.0,0);
INSERT INTO "readings" VALUES(7353940460204037,1,27.0,0);
INSERT INTO "readings" VALUES(7353940460204038,1,28.0,0);
INSERT INTO "readings" VALUES(7353940460204039,1,29.0,0);
INSERT INTO "readings" VALUES(7353940460204040,1,30.0,0);
INSERT INTO "readings" VALUES(7353940460204041,1,31.0,0);
INSERT INTO "readings" VALUES(7353940460204042,1,32.0,0);
INSERT INTO "readings" VALUES(7353940460204043,1,33.0,0);
INSERT INTO "readings" VALUES(7353940460204044,1,34.0,0);
INSERT INTO "readings" VALUES(7353940460204045,1,35.0,0);
INSERT INTO "readings" VALUES(7353940460204046,1,36.0,0);
INSERT INTO "readings" VALUES(7353940460204047,1,37.0,0);
INSERT INTO "readings" VALUES(7353940460204048,1,38.0,0);
INSERT INTO "readings" VALUES(7353940460204049,1,39.0,0);
INSERT INTO "readings" VALUES(7353940460204050,1,40.0,0);
INSERT INTO "readings" VALUES(7353940510334976,7,0.0,0);
CREATE TABLE states (
    owner TEXT NOT NULL,
    key   TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "states" VALUES('alarm','OWN-1@p1',X'0200000001000000020000000200000001000000010000000100000000000000000000000000F03F946037F4E6600600D4436CF6E660060000000000000000804F574E2D31000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000070310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000726F6F7400000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000F03FE8AF950054727900E79C8B004C6F6F6B00E4B88000E4B880000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p2',X'0200000001000000010000000100000001000000010000000200000000000000000000000000F03F68B3F1F4E660060068B3F1F4E660060000000000000000804F574E2D310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000703200000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000F03FE8AF950054727900E79C8B004C6F6F6B00E4BA8C00E4BA8C000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p3',X'02000000010000000300000002000000010000000000000003000000000000000000000000000000881FB0F5E6600600409EE61EE760060000000000000000804F574E2D310000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000703300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000F03FE8AF950054727900E79C8B004C6F6F6B00E4B88900E4B889000000');
INSERT INTO "states" VALUES('alarm','OWN-1@p4',X'0200000001000000060000000200000001000000010000000400000000000000000000000000F03F74010FF6E6600600A01A6FF6E66006008C300CABED6006004F574E2D31000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000070340000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000726F6F740000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006120747269616C000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000F03FE8AF950054727900E79C8B004C6F6F6B00E59B9B00E59B9B000000');
INSERT INTO "states" VALUES('clock','ahead',X'000000000000000033366262306337632D633565642D343865382D616436302D64663235663035346136316300000000');
INSERT INTO "states" VALUES('day-book','2026-11-23',X'310A6578656D707420312037323030302037353630300A');
INSERT INTO "states" VALUES('eras','clock',X'010000000200000000000000000000000000000000000080F0273F61DB60060000000000000000000800000001000000F0273F61DB600600FFFFFFFFFFFFFF7F00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('facts','clock',X'7B2273696E6365223A22323032362D31312D3232222C22746F6C64223A22323032362D31312D3233222C226D6F6D656E74223A327D');
INSERT INTO "states" VALUES('facts','daily/alarms/2026-11-22/',X'7B2266616374223A22616C61726D73222C226F626A656374223A22222C22706572696F64223A312C226669727374223A22323032362D31312D3232222C227265766973696F6E223A302C2268617368223A2230303030303030303030303030303030227D');
INSERT INTO "states" VALUES('facts','daily/alarms/2026-11-22/school',X'7B2266616374223A22616C61726D73222C226F626A656374223A227363686F6F6C222C22706572696F64223A312C226669727374223A22323032362D31312D3232222C227265766973696F6E223A312C2268617368223A2262663366663933386465663063373566227D');
INSERT INTO "states" VALUES('facts','daily/gateway/2026-11-22/',X'7B2266616374223A2267617465776179222C226F626A656374223A22222C22706572696F64223A312C226669727374223A22323032362D31312D3232222C227265766973696F6E223A302C2268617368223A2230303030303030303030303030303030227D');
INSERT INTO "states" VALUES('facts','daily/gateway/2026-11-22/school',X'7B2266616374223A2267617465776179222C226F626A656374223A227363686F6F6C222C22706572696F64223A312C226669727374223A22323032362D31312D3232222C227265766973696F6E223A312C2268617368223A2266346136386138353739663930356636227D');
INSERT INTO "states" VALUES('facts','daily/patrol/2026-11-22/',X'7B2266616374223A22706174726F6C222C226F626A656374223A22222C22706572696F64223A312C226669727374223A22323032362D31312D3232222C227265766973696F6E223A302C2268617368223A2230303030303030303030303030303030227D');
INSERT INTO "states" VALUES('facts','devices',X'7B226865617264223A5B226E756D62657273222C22636F756E746564225D7D');
INSERT INTO "states" VALUES('facts','row/alarms/2026-11-22/school',X'7B2266616374223A22616C61726D73222C226F626A656374223A227363686F6F6C222C22646179223A22323032362D31312D3232222C227368617265223A302E3032303833333333333333333333333333322C2276616C756573223A7B227031223A302E302C227032223A302E302C227033223A302E302C227034223A302E302C2270315F616E737765725F73223A302E302C2270315F616E737765726564223A302E302C2270325F616E737765725F73223A302E302C2270325F616E737765726564223A302E302C2270335F616E737765725F73223A302E302C2270335F616E737765726564223A302E307D7D');
INSERT INTO "states" VALUES('facts','row/alarms/2026-11-23/school',X'7B2266616374223A22616C61726D73222C226F626A656374223A227363686F6F6C222C22646179223A22323032362D31312D3233222C227368617265223A312E302C2276616C756573223A7B227031223A302E302C227032223A342E302C227033223A302E302C227034223A302E302C2270315F616E737765725F73223A302E302C2270315F616E737765726564223A302E302C2270325F616E737765725F73223A33372E3032303437393939393939393939392C2270325F616E737765726564223A312E302C2270335F616E737765725F73223A302E302C2270335F616E737765726564223A302E307D7D');
INSERT INTO "states" VALUES('facts','row/gateway/2026-11-22/school',X'7B2266616374223A2267617465776179222C226F626A656374223A227363686F6F6C222C22646179223A22323032362D31312D3232222C227368617265223A312E302C2276616C756573223A7B226D696E75746573223A33302E302C226D696E757465735F6F66223A313434302E302C22646576696365735F6865617264223A302E302C2264657669636573223A342E307D7D');
INSERT INTO "states" VALUES('facts','row/gateway/2026-11-23/school',X'7B2266616374223A2267617465776179222C226F626A656374223A227363686F6F6C222C22646179223A22323032362D31312D3233222C227368617265223A312E302C2276616C756573223A7B226D696E75746573223A34362E302C226D696E757465735F6F66223A3534302E302C22646576696365735F6865617264223A322E302C2264657669636573223A382E307D7D');
INSERT INTO "states" VALUES('facts','weekly/timetable/2026-11-16/',X'7B2266616374223A2274696D657461626C65222C226F626A656374223A22222C22706572696F64223A322C226669727374223A22323032362D31312D3136222C227265766973696F6E223A302C2268617368223A2230303030303030303030303030303030227D');
INSERT INTO "states" VALUES('plugin/eye_health','heard',X'0024F81CE7600600');
INSERT INTO "states" VALUES('plugin/eye_health','p1',X'0100000001000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060C791DF6006000000000000000000000000000088BD400C0000001000000000000000000000000000000000000000000000000000F87F000000000000F87F0000000000000000000000000000000000000000000000000000000000000000000000000000000009000000000000000000000000B08340FC04B4F2E660060000000000000000000000000000000000000000000000F87F000000000000F87F');
INSERT INTO "states" VALUES('plugin/eye_health','p2',X'0100000001000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060C791DF60060000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000A00000000000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F');
INSERT INTO "states" VALUES('plugin/eye_health','p3',X'0100000001000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060C791DF60060000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000B00000000000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F');
INSERT INTO "states" VALUES('plugin/eye_health','p4',X'0100000001000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060C791DF60060000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000F87F000000000000F87F000000000000000000000000000000000000000000000000000000000000000000000000000000000C00000000000000000000000000F87F000000000000000000000000000000000000000000000000000000000000F87F000000000000F87F');
INSERT INTO "states" VALUES('plugin/eye_health','school',X'0000F073CB6006007317030000000000000000000000F87F000000000000F87F000000000000F87F000000000000F87F');
INSERT INTO "states" VALUES('plugin/three_defense','sheet/day',X'01000000000000000000000000000000000000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000004C0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "states" VALUES('rule','OWN-1@p1',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
INSERT INTO "states" VALUES('rule','OWN-1@p2',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
INSERT INTO "states" VALUES('rule','OWN-1@p4',X'0200000001000000000000000000000000000000000000800000000000000080000000000000008000000000000000800000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000080');
CREATE TABLE summaries (
    number    INTEGER PRIMARY KEY,
    object    TEXT NOT NULL,
    start_us  INTEGER NOT NULL,
    period_us INTEGER NOT NULL
) STRICT;
INSERT INTO "summaries" VALUES(1,'gateway',1795345200000000,900000000);
INSERT INTO "summaries" VALUES(2,'gateway',1795346100000000,900000000);
INSERT INTO "summaries" VALUES(3,'gateway',1795388400000000,900000000);
INSERT INTO "summaries" VALUES(4,'p1',1795394700000000,900000000);
INSERT INTO "summaries" VALUES(5,'gateway',1795394700000000,900000000);
CREATE TABLE summary_items (
    summary INTEGER NOT NULL REFERENCES summaries (number),
    metric  TEXT NOT NULL,
    min     REAL,
    mean    REAL,
    max     REAL,
    last    REAL,
    valid   REAL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (summary, metric)
) STRICT, WITHOUT ROWID;
INSERT INTO "summary_items" VALUES(1,'clock_error',0.0,0.0,0.0,0.0,2.66666666666666662965e-01,1);
INSERT INTO "summary_items" VALUES(1,'disk_free',2.89936988650375262457e+01,2.89936988650375262457e+01,2.89936988650375262457e+01,2.89936988650375262457e+01,2.66666666666666662965e-01,1);
INSERT INTO "summary_items" VALUES(1,'output_faults',0.0,0.0,0.0,0.0,2.66666666666666662965e-01,1);
INSERT INTO "summary_items" VALUES(2,'clock_error',0.0,0.0,0.0,0.0,1.0,0);
INSERT INTO "summary_items" VALUES(2,'disk_free',2.89936988650375262457e+01,2.8993698865037519142e+01,2.89936988650375262457e+01,2.89936988650375262457e+01,1.0,0);
INSERT INTO "summary_items" VALUES(2,'output_faults',0.0,0.0,0.0,0.0,1.0,0);
INSERT INTO "summary_items" VALUES(3,'clock_error',0.0,0.0,0.0,0.0,3.33333333333333314829e-01,1);
INSERT INTO "summary_items" VALUES(3,'disk_free',2.89975881648168680726e+01,2.89975881648168680726e+01,2.89975881648168680726e+01,2.89975881648168680726e+01,3.33333333333333314829e-01,1);
INSERT INTO "summary_items" VALUES(3,'output_faults',0.0,0.0,0.0,0.0,3.33333333333333314829e-01,1);
INSERT INTO "summary_items" VALUES(4,'co2',600.0,628.75,630.0,630.0,0.8,4);
INSERT INTO "summary_items" VALUES(4,'co2_comp',600.0,628.75,630.0,630.0,0.8,15);
INSERT INTO "summary_items" VALUES(5,'clock_error',0.0,0.0,0.0,0.0,1.0,1);
INSERT INTO "summary_items" VALUES(5,'disk_free',2.89902864548769088068e+01,2.89902864548769194641e+01,2.89902864548769088068e+01,2.89902864548769088068e+01,1.0,1);
INSERT INTO "summary_items" VALUES(5,'output_faults',0.0,0.0,0.0,0.0,1.0,1);
CREATE TABLE transitions (
    number       INTEGER PRIMARY KEY,
    uid          INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    object       TEXT NOT NULL,
    severity     INTEGER NOT NULL,
    from_state   INTEGER NOT NULL,
    to_state     INTEGER NOT NULL,
    cause        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    comment      TEXT NOT NULL,
    value        REAL,
    time_us      INTEGER NOT NULL,
    time_quality INTEGER NOT NULL,
    mono_us      INTEGER NOT NULL,
    is_test      INTEGER NOT NULL
) STRICT;
INSERT INTO "transitions" VALUES(1,1,1,'OWN-1','p1',1,0,1,'rule','','',1.0,1795394916278420,1,14652476182,0);
INSERT INTO "transitions" VALUES(2,2,1,'OWN-1','p2',1,0,1,'rule','','',1.0,1795394928489320,1,14652679683,0);
INSERT INTO "transitions" VALUES(3,3,1,'OWN-1','p3',1,0,1,'rule','','',1.0,1795394940968840,1,14652887673,0);
INSERT INTO "transitions" VALUES(4,4,1,'OWN-1','p4',1,0,1,'rule','','',1.0,1795394947187060,1,14652991308,0);
INSERT INTO "transitions" VALUES(5,1,2,'OWN-1','p1',1,1,2,'acknowledge','root','',1.0,1795394953298900,1,14653093134,0);
INSERT INTO "transitions" VALUES(6,4,2,'OWN-1','p4',1,1,6,'shelve','root','a trial',1.0,1795394953484960,1,14653096228,0);
INSERT INTO "transitions" VALUES(7,3,2,'OWN-1','p3',1,1,3,'rule','','',0.0,1795395632406080,1,14664411622,0);
CREATE INDEX transitions_by_time ON transitions (time_us);
CREATE INDEX transitions_by_alarm ON transitions (rule, object, time_us);
CREATE INDEX outbox_alarms ON outbox (key) WHERE priority = 0;
COMMIT;
