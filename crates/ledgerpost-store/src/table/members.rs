//! `members`: the audience's members, archived ones too.

use std::borrow::Cow;

use ledgerpost_core::MemberHash;
use ledgerpost_core::destination::Member;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;
use crate::table::seen::Entity;

const TABLE: &str = "members";

impl CompanyStore {
    pub(crate) fn member_page(
        &self,
        after: Option<&MemberHash>,
        limit: usize,
    ) -> Result<Vec<Member>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body, last_changed FROM members WHERE hash > ?1 ORDER BY hash LIMIT ?2",
        )?;
        let after = after.map_or("", MemberHash::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(read(row)?);
        }
        Ok(page)
    }

    /// One member.
    pub fn member(&self, hash: &MemberHash) -> Result<Option<Member>> {
        self.connection
            .prepare_cached("SELECT body, last_changed FROM members WHERE hash = ?1")?
            .query_row([hash.as_str()], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }
}

impl Write<'_> {
    /// Stores members as Mailchimp has them; returns how many are different from before. A new
    /// `last_changed` alone is stored, but is no difference: our own writes move it.
    pub fn store_members<'r>(
        &self,
        members: impl IntoIterator<Item = &'r Member>,
    ) -> Result<usize> {
        let comparing = self.is_comparing(Entity::Member)?;
        let mut changed = 0;
        for member in members {
            changed += usize::from(self.put_member(member)?);
            if comparing {
                self.mark_seen(Entity::Member, member.hash.as_str())?;
            }
        }
        Ok(self.note(changed))
    }

    /// Removes members that are no longer there (permanently deleted or moved to another address);
    /// returns how many were there.
    pub fn remove_members<'r>(
        &self,
        hashes: impl IntoIterator<Item = &'r MemberHash>,
    ) -> Result<usize> {
        let mut removed = 0;
        for hash in hashes {
            removed += self.delete_member(hash)?;
        }
        Ok(self.note(removed))
    }

    /// Whether more than `last_changed` is different.
    pub(crate) fn put_member(&self, member: &Member) -> Result<bool> {
        let changed = self
            .transaction
            .prepare_cached(
                "INSERT INTO members (hash, status, last_changed, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (hash) DO UPDATE SET status = excluded.status,
                     last_changed = excluded.last_changed, body = excluded.body
                 WHERE body IS NOT excluded.body",
            )?
            .execute(params![
                member.hash.as_str(),
                member.status.as_str(),
                member.last_changed,
                json::encode(TABLE, &without_last_changed(member))?,
            ])?;
        if changed == 0 {
            self.transaction
                .prepare_cached(
                    "UPDATE members SET last_changed = ?2
                     WHERE hash = ?1 AND last_changed IS NOT ?2",
                )?
                .execute(params![member.hash.as_str(), member.last_changed])?;
        }
        Ok(changed > 0)
    }

    pub(crate) fn delete_member(&self, hash: &MemberHash) -> Result<usize> {
        Ok(self
            .transaction
            .prepare_cached("DELETE FROM members WHERE hash = ?1")?
            .execute([hash.as_str()])?)
    }
}

fn read(row: &Row<'_>) -> Result<Member> {
    let mut member: Member = json::column(TABLE, row, 0)?;
    member.last_changed = row.get(1)?;
    Ok(member)
}

fn without_last_changed(member: &Member) -> Cow<'_, Member> {
    if member.last_changed.is_none() {
        return Cow::Borrowed(member);
    }
    let mut plain = member.clone();
    plain.last_changed = None;
    Cow::Owned(plain)
}
